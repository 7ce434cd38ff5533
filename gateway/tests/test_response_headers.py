"""What is true of answers, whoever gives them: the gateway itself or a service behind it."""

from people import Business


def test_private_answers_are_kept_by_no_cache(business: Business) -> None:
    ann = business.customer("ann").client
    paths = ("/session", "/organization", "/notifications", "/dogs", "/services", "/bookings", "/nothing", "/session/x")
    answers = [ann.get(path) for path in paths]
    answers += [ann.post("/notifications/read"), business.admin.client.get("/organization/accounts")]
    for answer in answers:
        assert "no-store" in answer.headers["cache-control"], answer.request.url


def test_a_problem_names_the_public_path(business: Business) -> None:
    ann = business.customer("ann").client
    for path in ("/series/preview", "/bookings/nonsense", "/organization/x"):
        answer = ann.get(path)
        assert answer.status_code >= 400
        assert answer.json()["instance"] == f"/api/v1{path}"


def test_an_address_of_its_own_takes_its_own_methods(business: Business) -> None:
    answer = business.customer("ann").client.get("/series/preview")
    assert (answer.status_code, answer.json()["type"]) == (405, "/problems/method-not-allowed")
    assert answer.headers["allow"] == "POST"
