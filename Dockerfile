# The app on this computer's own loopback:
#   docker build -t headway .
#   docker run --rm --network host -v headway-library:/library headway
# It prints the address to open. Nothing else listens, and nothing is asked of the network.
FROM python:3.12-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN pip wheel --no-deps --wheel-dir /wheels .

FROM python:3.12-slim
# what OpenCV, which MediaPipe brings, looks for when it is imported
RUN apt-get update && apt-get install -y --no-install-recommends libgl1 libglib2.0-0 && rm -rf /var/lib/apt/lists/*
COPY requirements-all.txt /tmp/
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --require-hashes -r /tmp/requirements-all.txt \
    && pip install --no-cache-dir --no-deps /wheels/*.whl \
    && useradd --create-home runner && mkdir /library && chown runner /library
USER runner
VOLUME /library
CMD ["headway", "app", "--no-browser", "--library", "/library"]
