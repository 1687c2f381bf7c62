"""Reading request bodies that may be anything."""

import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

# A brief of 20,000 characters is 80 kB at most; nothing else is nearly as large.
LARGEST_BODY = 1_048_576


class BodyTooLarge(APIException):
    status_code = 413
    default_code = "body_too_large"
    default_detail = f"The body is larger than {LARGEST_BODY:,} bytes, which nothing here needs."


class StrictJSONParser(JSONParser):
    """JSON of at most a megabyte that can be stored and sent back.

    :raises BodyTooLarge: before more than a megabyte is read.
    :raises ParseError: on what is no JSON, on NaN and infinities, on nesting deeper than the
        interpreter can follow, and on half characters (lone surrogates), which no encoding
        can write.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = stream.read(LARGEST_BODY + 1)
        if len(body) > LARGEST_BODY:
            raise BodyTooLarge
        try:
            parsed = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
            json.dumps(parsed, ensure_ascii=False).encode("utf-8")
        except UnicodeDecodeError as error:
            raise ParseError("The body is no UTF-8 text.") from error
        except UnicodeEncodeError as error:
            raise ParseError("The body holds half of a character (a lone surrogate).") from error
        except RecursionError as error:
            raise ParseError("The body is nested too deeply.") from error
        except ValueError as error:
            raise ParseError(f"The body is no JSON: {error}.") from error
        return parsed


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number in JSON")
