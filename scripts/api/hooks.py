"""What schemathesis leaves out, beside the document."""
import schemathesis


def blank(value):
    return all(map(blank, value)) if isinstance(value, list) else value in ("", None)


@schemathesis.hook
def filter_query(context, query):
    """An empty parameter counts as one that was left out, as a form sends it; the schema of a number can't say that."""
    return not any(map(blank, (query or {}).values()))
