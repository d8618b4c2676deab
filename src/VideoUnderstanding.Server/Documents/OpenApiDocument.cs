using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Documents;

/// <summary>The OpenAPI 3.1 document of the interface, made from the routes, the wire records and <see cref="OperationTable"/>.</summary>
internal sealed class OpenApiDocument
{
    private const string Json = "application/json";

    /// <summary>Components.</summary>
    private const string VersionHeader = "XApiVersion", WaitHeader = "RetryAfter";

    private static readonly IReadOnlyDictionary<int, (string Name, string Text)> Failures = new Dictionary<int, (string, string)>
    {
        [400] = ("BadRequest", "The request is wrong; the code says how."),
        [401] = ("Unauthorized", "No key, or one that is wrong, expired or revoked."),
        [403] = ("Forbidden", "The signature is wrong, or the hour is over."),
        [404] = ("NotFound", "There is no such resource."),
        [409] = ("Conflict", "The state of the resource does not allow it."),
        [429] = ("TooManyRequests", "The key has asked too often; `Retry-After` says how many seconds to wait."),
        [500] = ("InternalError", "Something that nobody foresaw; the server's log tells more."),
        [503] = ("ModelUnavailable", "A model that the request needs is not there."),
    };

    private readonly WireSchemas _schemas = new();

    /// <param name="address">Scheme and host of the server.</param>
    public static JsonObject Of(IReadOnlyList<PublishedOperation> operations, string address) => new OpenApiDocument().Write(operations, address);

    private JsonObject Write(IReadOnlyList<PublishedOperation> operations, string address)
    {
        var error = _schemas.Of(typeof(ApiError));
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
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Video Understanding", ["version"] = ApiAnswers.Version,
                ["description"] = "Finds moments in videos by what is seen, said and written in them. Every path may end with a slash.",
            },
            ["servers"] = new JsonArray([.. new[] { "/v1.1", "/p/v1.1" }.Select(root => new JsonObject { ["url"] = address + root })]),
            ["security"] = new JsonArray(new JsonObject { ["apiKey"] = new JsonArray() }),
            ["tags"] = new JsonArray([.. operations.Select(operation => operation.Facts.Tag).Distinct().Select(tag => new JsonObject { ["name"] = tag })]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = _schemas.Components,
                ["responses"] = new JsonObject([.. Failures.Select(failure => KeyValuePair.Create(failure.Value.Name, (JsonNode?)Failure(failure.Key, failure.Value.Text, error)))]),
                ["headers"] = new JsonObject
                {
                    [VersionHeader] = new JsonObject { ["description"] = "Version of the interface.", ["schema"] = new JsonObject { ["type"] = "string" } },
                    [WaitHeader] = new JsonObject { ["description"] = "Seconds to wait.", ["schema"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1 } },
                },
                ["securitySchemes"] = new JsonObject { ["apiKey"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = ApiKeyCheck.Header } },
            },
        };
    }

    private JsonObject Operation(PublishedOperation operation)
    {
        var facts = operation.Facts;
        var written = new JsonObject { ["operationId"] = operation.Id, ["tags"] = new JsonArray(facts.Tag), ["summary"] = facts.Summary };
        if (facts.Description is { } description)
            written["description"] = description;
        if (!operation.NeedsKey)
            written["security"] = new JsonArray();
        var parameters = operation.PathParameters.Select(name => Parameter(name, "path", true))
            .Concat(facts.Query.Select(name => Parameter(name, "query", facts.RequiredQuery.Contains(name)))).ToArray();
        if (parameters.Length > 0)
            written["parameters"] = new JsonArray([.. parameters]);
        if (operation.Body is { } body)
            written["requestBody"] = Body(Json, _schemas.Of(body, facts.Required));
        else if (facts.Form is { } form)
            written["requestBody"] = Body("multipart/form-data", _schemas.Reference(form));
        written["responses"] = Responses(operation);
        return written;
    }

    private JsonObject Responses(PublishedOperation operation)
    {
        var responses = new JsonObject();
        if (operation.Facts.Media is { } media)
            responses["200"] = Answer("The content.", media, new JsonObject { ["type"] = "string", ["format"] = "binary" });
        foreach (var (status, body) in operation.Answers)
            responses[$"{status}"] = body is null ? Answer("Done. No body.", null, null) : Answer(status == 201 ? "Created." : "The answer.", Json, Schema(operation, body));
        foreach (var status in operation.Facts.Errors.Concat(operation.NeedsKey ? [401, 429, 500] : [500]).Order())
            responses[$"{status}"] = new JsonObject { ["$ref"] = $"#/components/responses/{Failures[status].Name}" };
        return responses;
    }

    private JsonObject Schema(PublishedOperation operation, Type body) => operation.Facts.AnswersNull
        ? new JsonObject { ["anyOf"] = new JsonArray(_schemas.Of(body), new JsonObject { ["type"] = "null" }) }
        : _schemas.Of(body);

    private static JsonObject Parameter(string name, string place, bool required)
    {
        var parameter = SchemaFacts.Parameter(name) ?? new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
        parameter["name"] = name;
        parameter["in"] = place;
        parameter["required"] = required;
        return parameter;
    }

    private static JsonObject Body(string media, JsonObject schema)
        => new() { ["required"] = true, ["content"] = new JsonObject { [media] = new JsonObject { ["schema"] = schema } } };

    private static JsonObject Failure(int status, string text, JsonNode error)
    {
        var answer = Answer(text, Json, error);
        if (status == StatusCodes.Status429TooManyRequests)
            answer["headers"]![HeaderNames.RetryAfter] = Header(WaitHeader);
        return answer;
    }

    private static JsonObject Header(string component) => new() { ["$ref"] = $"#/components/headers/{component}" };

    private static JsonObject Answer(string text, string? media, JsonNode? schema)
    {
        var answer = new JsonObject
        {
            ["description"] = text,
            ["headers"] = new JsonObject { [ApiAnswers.VersionHeader] = Header(VersionHeader) },
        };
        if (media is not null)
            answer["content"] = new JsonObject { [media] = new JsonObject { ["schema"] = schema!.DeepClone() } };
        return answer;
    }
}
