using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Documents;

/// <summary>Creates the OpenAPI 3.1 document from the routes, the request and response records, and <see cref="OperationTable"/>.</summary>
internal sealed class OpenApiDocument
{
    private const string Json = "application/json";

    /// <summary>Names of header components.</summary>
    private const string VersionHeader = "XApiVersion", RetryAfterHeader = "RetryAfter";

    /// <summary>Error responses by status, each with an example.</summary>
    private static readonly IReadOnlyDictionary<int, (string Name, string Text, ApiError Example)> Failures
        = new Dictionary<int, (string, string, ApiError)>
    {
        [400] = ("BadRequest", "The request is invalid; `code` gives the reason.", ApiError.Missing("index_id")),
        [401] = ("Unauthorized", "The API key is missing, invalid, expired or revoked.", ApiError.KeyInvalid()),
        [403] = ("Forbidden", "The signature of the address is invalid or has expired.", ApiError.LinkInvalid()),
        [404] = ("NotFound", "There is no such resource.", ApiError.NotFound("indexes", "64007c1e9a4b2f0c1d3e5a01")),
        [409] = ("Conflict", "The state of the resource does not allow it.", ApiError.IndexNameTaken("harbour-cameras")),
        [429] = ("TooManyRequests", "The rate limit is exceeded; `Retry-After` has the seconds to wait.",
            ApiError.TooManyRequests(TimeSpan.FromSeconds(2))),
        [500] = ("InternalError", "An unexpected error; the log of the server has the details.", ApiError.Unexpected()),
        [503] = ("ModelUnavailable", "A required model is not installed.",
            ApiError.ModelUnavailable("The model for text in pictures is not installed.")),
    };

    private readonly WireSchemas _schemas = new();
    private readonly OperationExamples _examples;

    private OpenApiDocument() => _examples = new OperationExamples(_schemas.Components);

    /// <param name="address">Scheme and host of the server.</param>
    public static JsonObject Create(IReadOnlyList<PublishedOperation> operations, string address)
        => new OpenApiDocument().Write(operations, address);

    private JsonObject Write(IReadOnlyList<PublishedOperation> operations, string address)
    {
        var error = _schemas.For(typeof(ApiError));
        var paths = new JsonObject();
        foreach (var path in operations.GroupBy(operation => operation.Path).OrderBy(path => path.Key, StringComparer.Ordinal))
        {
            var item = new JsonObject();
            if (!path.First().IsVersioned)
                item["servers"] = new JsonArray(new JsonObject { ["url"] = address });
            foreach (var operation in path)
                item[operation.Method] = Operation(operation);
            paths[path.Key] = item;
        }
        _examples.AddMemberExamples();
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Video Understanding", ["version"] = ApiErrorMiddleware.Version,
                ["description"] = "Finds moments in videos by what is seen, said and written in them. Every path may end with a slash, "
                    + "and every path with GET also accepts HEAD. A JSON body may have the Content-Encoding gzip, deflate or br; "
                    + "others are refused with 415.",
            },
            ["servers"] = new JsonArray([.. new[] { "/v1.1", "/p/v1.1" }.Select(root => new JsonObject { ["url"] = address + root })]),
            ["security"] = new JsonArray(new JsonObject { ["apiKey"] = new JsonArray() }),
            ["tags"] = new JsonArray(
                [.. operations.Select(operation => operation.Facts.Tag).Distinct()
                    .Select(tag => new JsonObject { ["name"] = tag, ["description"] = OperationTable.Tags.GetValueOrDefault(tag) })]),
            ["paths"] = paths,
            ["components"] = Components(error),
        };
    }

    private JsonObject Components(JsonNode error) => new JsonObject
    {
        ["schemas"] = _schemas.Components,
        ["responses"] = new JsonObject(
            [.. Failures.Select(
                failure => KeyValuePair.Create(failure.Value.Name, (JsonNode?)Failure(failure.Key, error)))]),
        ["headers"] = new JsonObject
        {
            [VersionHeader] = new JsonObject
            {
                ["description"] = "Version of the interface.", ["schema"] = new JsonObject { ["type"] = "string" },
            },
            [RetryAfterHeader] = new JsonObject
            {
                ["description"] = "Seconds to wait.", ["schema"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1 },
            },
        },
        ["securitySchemes"] = new JsonObject
        {
            ["apiKey"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = ApiKeyCheck.Header },
        },
    };

    private JsonObject Operation(PublishedOperation operation)
    {
        var facts = operation.Facts;
        var result = new JsonObject { ["operationId"] = operation.Id, ["tags"] = new JsonArray(facts.Tag), ["summary"] = facts.Summary };
        if (facts.Description is { } description)
            result["description"] = description;
        if (!operation.NeedsKey)
            result["security"] = new JsonArray();
        var parameters = operation.PathParameters.Select(name => Parameter(name, "path", true))
            .Concat(facts.Query.Select(name => Parameter(name, "query", facts.RequiredQuery.Contains(name)))).ToArray();
        if (parameters.Length > 0)
            result["parameters"] = new JsonArray([.. parameters]);
        if (operation.Body is { } body)
            result["requestBody"] = Body(operation, Json, _schemas.For(body, facts.Required));
        else if (facts.Form is { } form)
            result["requestBody"] = Body(operation, "multipart/form-data", _schemas.Reference(form));
        result["responses"] = Responses(operation);
        return result;
    }

    private JsonObject Responses(PublishedOperation operation)
    {
        var responses = new JsonObject();
        if (operation.Facts.Media is { } media)
            responses["200"] = Response("The content.", media,
                new JsonObject { ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "binary" } });
        foreach (var (status, body) in operation.Answers)
            responses[$"{status}"] = body is null ? Response("Done. No body.", null, null)
                : Response(status == 201 ? "Created." : "The answer.", Json,
                    _examples.Media(operation.Id, "answer", Schema(operation, body)));
        foreach (var status in operation.Facts.Errors.Concat(operation.NeedsKey ? [401, 429, 500] : [500]).Order())
            responses[$"{status}"] = new JsonObject { ["$ref"] = $"#/components/responses/{Failures[status].Name}" };
        return responses;
    }

    private JsonObject Schema(PublishedOperation operation, Type body) => operation.Facts.AnswersNull
        ? new JsonObject { ["anyOf"] = new JsonArray(_schemas.For(body), new JsonObject { ["type"] = "null" }) }
        : _schemas.For(body);

    private static JsonObject Parameter(string name, string place, bool required)
    {
        var parameter = SchemaFacts.Parameter(name) ?? new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
        parameter["name"] = name;
        parameter["in"] = place;
        parameter["required"] = required;
        return parameter;
    }

    private JsonObject Body(PublishedOperation operation, string media, JsonObject schema)
        => new() { ["required"] = true, ["content"] = new JsonObject { [media] = _examples.Media(operation.Id, "request", schema) } };

    private static JsonObject Failure(int status, JsonNode error)
    {
        var (_, text, example) = Failures[status];
        var answer = Response(text, Json, new JsonObject
        {
            ["schema"] = error.DeepClone(),
            ["example"] = new JsonObject { ["code"] = example.Code, ["message"] = example.Message },
        });
        if (status == StatusCodes.Status429TooManyRequests)
            answer["headers"]![HeaderNames.RetryAfter] = Header(RetryAfterHeader);
        return answer;
    }

    private static JsonObject Header(string component) => new() { ["$ref"] = $"#/components/headers/{component}" };

    /// <param name="content">Schema and example; null for a response without a body.</param>
    private static JsonObject Response(string text, string? media, JsonObject? content)
    {
        var answer = new JsonObject
        {
            ["description"] = text,
            ["headers"] = new JsonObject { [ApiErrorMiddleware.VersionHeader] = Header(VersionHeader) },
        };
        if (media is not null)
            answer["content"] = new JsonObject { [media] = content };
        return answer;
    }
}
