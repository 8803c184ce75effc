"""Why a certificate is not taken, found however deep a library hides it."""

from ssl import SSLCertVerificationError, SSLError

import pytest

from dataspace.parts.certificates import certificate_fault
from dataspace.text import Text


def refused(code: int, said: str) -> SSLCertVerificationError:
    error = SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code, error.verify_message = code, said
    return error


EXPIRED = refused(10, "certificate has expired")


def caused() -> Exception:
    error = OSError("Couldn't connect")
    error.__cause__ = EXPIRED
    return error


@pytest.mark.parametrize(
    "error",
    [
        EXPIRED,
        caused(),
        OSError(EXPIRED),
        ExceptionGroup("all routers", [OSError("refused"), caused()]),
    ],
    ids=["itself", "its cause", "an argument", "one of several"],
)
def test_it_is_found_wherever_it_was_put(error: Exception) -> None:
    assert certificate_fault(error) == Text("it has expired", "证书已过期")


def test_what_openssl_says_besides_is_handed_on() -> None:
    assert certificate_fault(refused(24, "invalid CA certificate")) == Text(
        "invalid CA certificate", "invalid CA certificate"
    )


def test_another_failure_is_no_fault_of_the_certificate() -> None:
    assert certificate_fault(OSError("reset")) is None
    assert certificate_fault(SSLError(1, "wrong version number")) is None


def test_causes_that_go_in_a_circle_come_to_an_end() -> None:
    one, other = OSError("one"), OSError("other")
    one.__cause__, other.__cause__ = other, one
    assert certificate_fault(one) is None
