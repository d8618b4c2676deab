using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing.Patterns;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Auth;

namespace VideoUnderstanding.Server.Documents;

/// <summary>A route in the OpenAPI document.</summary>
/// <param name="Path">Path in the notation of CONTRACT, without the version: <c>/indexes/{index-id}</c>.</param>
/// <param name="IsVersioned">False for paths outside <c>/v1.1</c>.</param>
/// <param name="Handler">The handler; its name is the operationId.</param>
internal sealed record PublishedOperation(string Path, bool IsVersioned, string Method, MethodInfo Handler, Endpoint Endpoint)
{
    private const string Root = "/v1.1";

    public string Id
        => JsonNamingPolicy.CamelCase.ConvertName(Handler.Name.EndsWith("Async", StringComparison.Ordinal) ? Handler.Name[..^5]
            : Handler.Name);

    public OperationFacts Facts => OperationTable.FactsOf(Id);

    public bool NeedsKey => Endpoint.Metadata.GetMetadata<ApiKeyRequired>() is not null;

    public IEnumerable<string> PathParameters
        => ((RouteEndpoint)Endpoint).RoutePattern.Parameters.Select(parameter => NameOf(parameter.Name));

    /// <summary>Type of the JSON body; null if there is none.</summary>
    public Type? Body => Handler.GetParameters().Select(parameter => parameter.ParameterType)
        .FirstOrDefault(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(JsonBody<>))?.GetGenericArguments()[0];

    /// <summary>Successful responses by status; the type is null for an empty body.</summary>
    public IEnumerable<(int Status, Type? Body)> Answers => Endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>()
        .Where(answer => answer.StatusCode < 400)
        .Select(answer => (answer.StatusCode, answer.Type == typeof(void) ? null : answer.Type));

    /// <summary>Returns all routes of v1.1 without the aliases, and other routes that are in <see cref="OperationTable"/>.</summary>
    public static IReadOnlyList<PublishedOperation> AllOf(EndpointDataSource endpoints) =>
    [
        .. from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
           let handler = endpoint.Metadata.GetMetadata<MethodInfo>()
           let methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods
           where handler is not null && methods is not null
           let path = PathOf(endpoint.RoutePattern)
           where !path.StartsWith("/p/", StringComparison.Ordinal) && !path.StartsWith($"{Root}/indexes/tasks", StringComparison.Ordinal)
           let isVersioned = path.StartsWith($"{Root}/", StringComparison.Ordinal)
           from method in methods
           let operation = new PublishedOperation(isVersioned ? path[Root.Length..] : path, isVersioned, method.ToLowerInvariant(), handler,
               endpoint)
           where isVersioned || OperationTable.All.ContainsKey(operation.Id)
           select operation,
    ];

    private static string PathOf(RoutePattern pattern)
        => pattern.Parameters.Aggregate("/" + pattern.RawText!.Trim('/'),
            (path, parameter) => path.Replace($"{{{parameter.Name}}}", $"{{{NameOf(parameter.Name)}}}", StringComparison.Ordinal));

    private static string NameOf(string routeValue) => JsonNamingPolicy.KebabCaseLower.ConvertName(routeValue);
}

/// <summary>Facts of an operation that its route does not contain, for the OpenAPI document.</summary>
/// <param name="Tag">Tag under which it is listed.</param>
/// <param name="Summary">One line.</param>
internal sealed record OperationFacts(string Tag, string Summary)
{
    public string? Description { get; init; }

    /// <summary>Names of query parameters; <c>facts.json</c> describes them.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];

    public IReadOnlyList<string> RequiredQuery { get; init; } = [];

    /// <summary>Required members of the JSON body.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Name of the schema in <c>facts.json</c> of a multipart body.</summary>
    public string? Form { get; init; }

    /// <summary>Error statuses in addition to 500, and to 401 and 429 of operations that need a key.</summary>
    public IReadOnlyList<int> Errors { get; init; } = [400, 404];

    /// <summary>Media type of a response that is not JSON.</summary>
    public string? Media { get; init; }

    /// <summary>True if the response may be the JSON value null.</summary>
    public bool AnswersNull { get; init; }
}
