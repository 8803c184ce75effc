"""A real Kubernetes API server with its store, built from Go modules: objects, and no pods.

Nothing runs in it: there are no controllers and no machines, so what is asked for is checked,
stored and answered, and no more. It refuses what a cluster would refuse.
"""

import json
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hub.dev.cache import check_sha256, kept, run_tool
from hub.dev.kubernetes_tools import kubectl
from hub.dev.process import Running, free_ports, launch, secret_of, wait_until

VERSION: Final = "1.37.2"
ETCD_VERSION: Final = "3.7.3"
KUBERNETES: Final = "k8s.io/kubernetes"
ETCD: Final = "go.etcd.io/etcd/server/v3"
# As Go's own checksum database gives them.
KUBERNETES_SUM: Final = "h1:A2VDEiObzkYqFTKhSsn0ZEb0RlLEXpHWj93gi2HqEwE="
ETCD_SUM: Final = "h1:KcTZ/aEZrOiQe0/kdr7iYYcvyfbEoOwDOacHkz8xwZc="
LINKER_FLAGS: Final = f"-s -w -X k8s.io/component-base/version.gitVersion=v{VERSION}"
START_SECONDS_MAX: Final = 60
# Four minutes on two cores that have nothing else to do.
BUILD_SECONDS_MAX: Final = 2700
OWNER_ONLY: Final = 0o600
STAGED: Final = re.compile(r"^\s*(\S+) => \./staging/", re.MULTILINE)
GO_LINE: Final = re.compile(r"^(go|godebug) (\S+)$", re.MULTILINE)


def obtain() -> Path:
    """The folder with `kube-apiserver` and `etcd`; building them takes minutes, once."""
    return kept(f"kubernetes-{VERSION}-etcd-{ETCD_VERSION}", _build)


def start(folder: Path, *, port: int = 0) -> Running:
    """An API server with role-based access and Pod Security, whose objects lie in `folder`.

    `kubeconfig` of its facts is the file by which clients reach it as administrators.
    """
    programs, ports = obtain(), free_ports(3)
    port = port or ports[2]
    facts = {"address": f"https://127.0.0.1:{port}", "kubeconfig": str(folder / "kubeconfig")}
    _write_secrets(folder, facts)
    store = _store(programs, folder, client_port=ports[0], peer_port=ports[1])
    server = _api_server(programs, folder, store=f"http://127.0.0.1:{ports[0]}", port=port)
    # One process group, so that the store ends with the server.
    both = f"{shlex.join(store)} & exec {shlex.join(server)}"
    running = launch("kubernetes", ["sh", "-c", both], folder=folder, facts=facts)
    wait_until(running, lambda: _answers(folder / "kubeconfig"), seconds=START_SECONDS_MAX)
    return running


def _store(programs: Path, folder: Path, *, client_port: int, peer_port: int) -> list[str]:
    client, peer = f"http://127.0.0.1:{client_port}", f"http://127.0.0.1:{peer_port}"
    return [
        str(programs / "etcd"), f"--data-dir={folder / 'etcd'}", "--unsafe-no-fsync",
        f"--listen-client-urls={client}", f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}", f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=default={peer}", "--log-level=error",
    ]  # fmt: skip


def _api_server(programs: Path, folder: Path, *, store: str, port: int) -> list[str]:
    key = folder / "accounts.key"
    return [
        str(programs / "kube-apiserver"), f"--etcd-servers={store}", f"--secure-port={port}",
        "--bind-address=127.0.0.1", "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none", f"--cert-dir={folder / 'certificates'}",
        "--service-cluster-ip-range=10.96.0.0/24", "--authorization-mode=RBAC",
        f"--token-auth-file={folder / 'tokens.csv'}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}",
        # Nobody makes the accounts that it would demand of every pod.
        "--disable-admission-plugins=ServiceAccount",
    ]  # fmt: skip


def _answers(kubeconfig: Path) -> bool:
    return kubectl("get", "--raw=/readyz", kubeconfig=kubeconfig).returncode == 0


def _write_secrets(folder: Path, facts: dict[str, str]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    # The one form out of which the server reads the public half too.
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    token = secret_of(folder)
    config = {
        "apiVersion": "v1", "kind": "Config", "current-context": "own",
        "contexts": [{"name": "own", "context": {"cluster": "own", "user": "own"}}],
        "users": [{"name": "own", "user": {"token": token}}],
        "clusters": [{"name": "own", "cluster": {
            "server": facts["address"], "tls-server-name": "kubernetes",
            "certificate-authority": str(folder / "certificates" / "apiserver.crt"),
        }}],
    }  # fmt: skip
    for name, content in {
        "accounts.key": pem,
        "tokens.csv": f"{token},admin,admin,system:masters\n",
        "kubeconfig": json.dumps(config),
    }.items():
        (folder / name).touch(mode=OWNER_ONLY)
        (folder / name).write_text(content)


def _build(folder: Path) -> None:
    _build_api_server(folder)
    _build_etcd(folder)


def _build_api_server(folder: Path) -> None:
    """The release's parts stand under `replace` in its go.mod, so a module of ours names them."""
    told = _go_module(folder, f"{KUBERNETES}@v{VERSION}", expected=KUBERNETES_SUM)
    declared = Path(told["GoMod"]).read_text("utf-8")
    edits = [f"-{key}={value}" for key, value in GO_LINE.findall(declared)]
    edits += [
        f"-replace={name}={name}@v0.{VERSION.partition('.')[2]}"
        for name in STAGED.findall(declared)
    ]
    edits += [f"-require={KUBERNETES}@v{VERSION}", f"-tool={KUBERNETES}/cmd/kube-apiserver"]
    module = _module(folder, "kubernetes-build", edits)
    _go(module, "mod", "tidy")
    out = ["-o", str(folder / "kube-apiserver"), f"{KUBERNETES}/cmd/kube-apiserver"]
    _go(module, "build", "-trimpath", "-ldflags", LINKER_FLAGS, *out)


def _build_etcd(folder: Path) -> None:
    _go_module(folder, f"{ETCD}@v{ETCD_VERSION}", expected=ETCD_SUM)
    module = _module(folder, "etcd-build", [])
    _go(module, "get", "-tool", f"{ETCD}@v{ETCD_VERSION}")
    _go(module, "build", "-trimpath", "-ldflags", "-s -w", "-o", str(folder / "etcd"), ETCD)


def _go_module(folder: Path, module: str, *, expected: str) -> dict[str, str]:
    told: dict[str, str] = json.loads(_go(folder, "mod", "download", "-json", module))
    check_sha256(module, told["Sum"], expected=expected)
    return told


def _module(folder: Path, name: str, edits: Sequence[str]) -> Path:
    module = folder / name
    module.mkdir()
    _go(module, "mod", "init", f"cityspace.test/{name}")
    if edits:
        _go(module, "mod", "edit", *edits)
    return module


def _go(folder: Path, *words: str) -> str:
    command = ["go", *words]
    return run_tool(
        "Kubernetes", command, folder=folder, seconds=BUILD_SECONDS_MAX, CGO_ENABLED="0"
    )
