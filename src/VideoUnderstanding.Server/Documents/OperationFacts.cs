namespace VideoUnderstanding.Server.Documents;

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
