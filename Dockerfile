# para-bench on a CPU. Build: docker build -t para-bench .   Run: docker run --rm -v "$PWD/runs:/home/bench/runs" para-bench run --head para --split novel_view
FROM python:3.12-slim-bookworm

# MuJoCo draws without a display through EGL and Mesa.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libegl1 libgl1-mesa-dri libgles2 \
    && rm -rf /var/lib/apt/lists/*

ENV MUJOCO_GL=egl \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PARA_BENCH_CACHE=/home/bench/cache

WORKDIR /opt/para-bench
COPY pyproject.toml README.md LICENSE ./
COPY para_bench ./para_bench

# torch for the CPU alone: the usual build brings 4 GB of libraries for a GPU.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
# hadolint ignore=DL3013
RUN pip install --index-url "${TORCH_INDEX}" torch torchvision \
    && pip install .

RUN useradd --create-home --uid 1000 bench \
    && mkdir -p /home/bench/runs /home/bench/cache \
    && chown -R bench:bench /home/bench
USER bench
WORKDIR /home/bench

ENTRYPOINT ["para-bench"]
CMD ["--help"]
