"""Calls of the interface by a client that is made of its document alone. usage: calls.py http://127.0.0.1:8080"""
import sys

from guansou_client import Client
from guansou_client.api.directory import division, institution
from guansou_client.api.exchange import changes, dumps
from guansou_client.api.history import history
from guansou_client.api.names import match_names
from guansou_client.api.records import record
from guansou_client.api.search import resolve_text, search, suggest
from guansou_client.api.submissions import status
from guansou_client.api.web_names import check, check_many, manifest, validate
from guansou_client.models import ChangesRecords, Names, Problem, Proposed, ResolveText, Urls

client = Client(base_url=sys.argv[1])
calls = 0


def holds(what, condition):
    global calls
    if not condition:
        sys.exit(f"{what} is not as it should be")
    calls += 1


found = search.sync(client=client, q="遵义市政府", size=5)
holds("search", found.direct[0].institution.websites[0].host == "zunyi.gov.cn")
refused = search.sync(client=client, q="。")
holds("a refusal", isinstance(refused, Problem) and refused.status == 400 and refused.parameter == "q")
holds("suggest", suggest.sync(client=client, q="遵义").suggestions)
cited = resolve_text.sync(client=client, body=ResolveText(text="依照《无此法》第三条办理。"))
holds("resolve", cited.citations[0].outcome == "unknown_title")
matched = match_names.sync(client=client, body=Names(names=["遵义市人民政府"]))
holds("match", matched.results[0].chosen == "520300-gov")
holds("check", check.sync(client=client, url_query="zunyi-gov.cn").verdict == "lookalike")
checked = check_many.sync(client=client, body=Urls(urls=["www.zunyi.gov.cn"]))
holds("check many", checked.results[0].verdict == "official")
judged = validate.sync(client=client, body=Proposed(institution="520300-gov", name="遵义.政务"))
holds("validate", judged.host and judged.findings)
body = institution.sync(id="520300-gov", client=client)
holds("institution", body.division.code == "520300" and body.provenance)
holds("division", division.sync(code="520300", client=client).children)
holds("record", record.sync(id="520300-gov", client=client).record.body.kind == "institution")
holds("history", history.sync(id="520300-gov", client=client).revisions)
page = changes.sync(client=client, limit=3, records=ChangesRecords("1"))
holds("changes", len(page.changes) == 3 and page.changes[0].record.id)
holds("dumps", any(file.kind == "institution" for file in dumps.sync(client=client).files))
holds("the list of names", manifest.sync(client=client).files)
unknown = status.sync_detailed(id="s-1", client=client)
holds("a submission without a key", unknown.status_code == 401)
print(f"{calls} calls of the Python client are as they should be")
