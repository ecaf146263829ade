"""How the documentation is built: ``sphinx-build -W docs build/docs`` (dependency group ``docs``), offline."""

import sys
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent))

from accessible_pages import mend_pages
from declared_pages import write_declared_pages

from headway.version import VERSION

write_declared_pages(Path(__file__).parent / "generated")

project = "Headway"
author = "The Headway developers"
project_copyright = author
release = version = VERSION
extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc", "sphinx_copybutton"]
exclude_patterns = ["generated/pictures"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["myst.xref_ambiguous"]

autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
numpydoc_show_class_members = False
numpydoc_attributes_as_param_list = True
numpydoc_xref_param_type = False

copybutton_exclude = ".linenos, .gp"

html_theme = "furo"
html_title = "Headway"
html_static_path = ["static"]
html_css_files = ["headway.css"]
html_show_sourcelink = False
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True, "top_of_page_buttons": []}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"


def setup(app: Sphinx) -> None:
    """Mend the pages when all are written."""
    app.connect("build-finished", lambda built, fault: None if fault else mend_pages(Path(built.outdir)))
