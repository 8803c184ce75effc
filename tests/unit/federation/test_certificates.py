"""Certificates that nodes show to each other: whose is believed, by what way, and for how long."""

import os
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from dataspace.errors import DataSpaceError
from dataspace.federation.mutual_tls.certificates import (
    CertificateExpired,
    CertificateMissing,
    CertificateOfAnother,
    CertificateUnreadable,
    CertificateUntrusted,
    Held,
    Shown,
    hub_name,
    node_name,
)
from hub.setting_rules import SettingInvalid
from hub.settings import Settings
from subspaces.peer_certificates import DemandedCertificates, OwnCertificate
from tests.tls import Authority

INGRESS = "10.0.0.9"
NODE = node_name("9100000000000000000000000000000A")
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("city"), "city")


@pytest.fixture
def demanded(city: Authority) -> DemandedCertificates:
    return DemandedCertificates(city.file, ("10.0.0.0/28", "::1"))


def shown(folder: Path, address: str = INGRESS) -> Shown:
    certificate = x509.load_pem_x509_certificate((folder / "tls.crt").read_bytes())
    der = certificate.public_bytes(Encoding.DER)
    return Shown(f":{b64encode(der).decode()}:", "", address)


def test_the_certificate_of_that_node_is_taken(
    city: Authority, demanded: DemandedCertificates, tmp_path: Path
) -> None:
    demanded.check(shown(city.certify_caller(tmp_path, NODE)), NODE, now=NOW)


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda city, at: city.certify_caller(at, node_name("B")), CertificateOfAnother),
        (lambda city, at: city.certify_caller(at, NODE[:-1]), CertificateOfAnother),
        (lambda city, at: city.certify_caller(at, NODE, first_day=-9, last_day=-1),
         CertificateExpired),
        (lambda city, at: city.certify_caller(at, NODE, first_day=1, last_day=9),
         CertificateExpired),
        (lambda city, at: Authority.make(at, "city").certify_caller(at, NODE),
         CertificateUntrusted),
    ],
)  # fmt: skip
def test_every_other_one_is_refused_with_its_reason(
    city: Authority,
    demanded: DemandedCertificates,
    tmp_path: Path,
    make: Callable[[Authority, Path], Path],
    refusal: type[DataSpaceError],
) -> None:
    with pytest.raises(refusal) as refused:
        demanded.check(shown(make(city, tmp_path)), NODE, now=NOW)
    assert refused.value.message("en") != refused.value.message("zh")


def test_the_certificate_of_a_server_is_none_of_a_caller(
    city: Authority, demanded: DemandedCertificates, tmp_path: Path
) -> None:
    folder = city.certify(tmp_path)
    (folder / "public.crt").rename(folder / "tls.crt")
    with pytest.raises(CertificateUntrusted):
        demanded.check(shown(folder), NODE, now=NOW)


@pytest.mark.parametrize("address", ["10.0.0.16", "127.0.0.1", "", "unix:", "::2"])
def test_only_the_ingress_is_believed(
    city: Authority, demanded: DemandedCertificates, tmp_path: Path, address: str
) -> None:
    with pytest.raises(CertificateMissing):
        demanded.check(shown(city.certify_caller(tmp_path, NODE), address), NODE, now=NOW)


def test_without_one_nobody_comes_in(demanded: DemandedCertificates) -> None:
    with pytest.raises(CertificateMissing):
        demanded.check(Shown("", "", INGRESS), NODE, now=NOW)


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200).map(
    lambda raw: f":{b64encode(raw).decode()}:")), st.text(max_size=60))  # fmt: skip
def test_whatever_is_written_there_gets_a_coded_answer(
    city: Authority, written: str, chain: str
) -> None:
    demanded = DemandedCertificates(city.file, (INGRESS,))
    with pytest.raises((CertificateMissing, CertificateUntrusted)):
        demanded.check(Shown(written, chain, INGRESS), NODE, now=NOW)


def test_a_renewed_authority_is_believed_at_once(
    city: Authority, demanded: DemandedCertificates, tmp_path: Path
) -> None:
    before = city.file.read_bytes()
    other = Authority.make(tmp_path, "next")
    try:
        city.file.write_bytes(before + other.file.read_bytes())
        os.utime(city.file, ns=(1, 1))
        demanded.check(shown(other.certify_caller(tmp_path, NODE)), NODE, now=NOW)
    finally:
        city.file.write_bytes(before)


def test_a_renewed_certificate_is_shown_without_a_restart(city: Authority, tmp_path: Path) -> None:
    own = OwnCertificate(city.certify_caller(tmp_path, NODE, last_day=2))
    assert not own.renew()
    assert own.held.warned(NOW) == 7
    city.certify_caller(tmp_path, NODE, last_day=90)
    os.utime(tmp_path / "tls.crt", ns=(1, 1))
    assert own.renew()
    assert own.held.warned(NOW) is None
    assert own.held.names == (NODE,)
    (tmp_path / "tls.key").write_text("half")
    os.utime(tmp_path / "tls.crt", ns=(2, 2))
    with pytest.raises(CertificateUnreadable):
        own.renew()


def test_what_is_no_certificate_is_told(tmp_path: Path) -> None:
    (tmp_path / "authority.pem").write_text("nothing")
    for opened in (
        lambda: OwnCertificate(tmp_path),
        lambda: DemandedCertificates(tmp_path / "authority.pem", (INGRESS,)),
        lambda: DemandedCertificates(tmp_path / "none.pem", (INGRESS,)),
    ):
        with pytest.raises(CertificateUnreadable):
            opened()


@pytest.mark.parametrize(
    ("left", "warned", "days"),
    [
        (timedelta(days=31), None, 31), (timedelta(days=30), 30, 30), (timedelta(days=8), 30, 8),
        (timedelta(days=7), 7, 7), (timedelta(hours=25), 7, 1), (timedelta(days=1), 1, 1),
        (timedelta(seconds=1), 1, 0), (timedelta(seconds=-1), 1, -1),
    ],
)  # fmt: skip
def test_its_end_is_told_thirty_seven_and_one_days_before(
    left: timedelta, warned: int | None, days: int
) -> None:
    held = Held((), NOW - timedelta(days=60), NOW + left)
    assert (held.warned(NOW), held.days_left(NOW)) == (warned, days)


def test_the_hub_is_named_by_its_address() -> None:
    assert hub_name("https://Hub.City:443/") == hub_name("https://hub.city")


@pytest.mark.parametrize(
    "environ",
    [
        {"CITYSPACE_PEER_AUTHORITY": "/city.pem"},
        {"CITYSPACE_INGRESS": "the proxy"},
    ],
)
def test_a_header_that_everybody_may_write_is_no_setting(environ: dict[str, str]) -> None:
    with pytest.raises(SettingInvalid):
        Settings.read(environ)
