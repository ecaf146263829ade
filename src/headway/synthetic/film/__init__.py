"""Films of drawn runners whose truth is known to the pixel: bodies, clothes, light, cameras and what they do to a picture.

A scene (:mod:`~headway.synthetic.film.scene`) is described by frozen data, drawn at random if wanted (:mod:`~headway.synthetic.film.sample`), and
rendered picture by picture (:mod:`~headway.synthetic.film.render`). Drawing needs the extra ``render`` (the body comes from the package ``anny``);
describing scenes and telling their truth does not.

Axes everywhere: forward, up, right, in the frame that moves with the runner's mean speed.
"""
