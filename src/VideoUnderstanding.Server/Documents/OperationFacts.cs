namespace VideoUnderstanding.Server.Documents;

/// <summary>What a route does not say of itself, for the published document.</summary>
/// <param name="Tag">The heading it stands under.</param>
/// <param name="Summary">One line.</param>
internal sealed record OperationFacts(string Tag, string Summary)
{
    public string? Description { get; init; }

    /// <summary>Names of query parameters; what each is stands in <c>facts.json</c>.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];

    public IReadOnlyList<string> RequiredQuery { get; init; } = [];

    /// <summary>Members that the JSON body must have.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>The schema in <c>facts.json</c> of a multipart body that is read by hand.</summary>
    public string? Form { get; init; }

    /// <summary>Expected failures beside a wrong key and the unforeseen.</summary>
    public IReadOnlyList<int> Errors { get; init; } = [400, 404];

    /// <summary>Media type of an answer that is no JSON.</summary>
    public string? Media { get; init; }

    /// <summary>The answer may be the bare JSON null.</summary>
    public bool AnswersNull { get; init; }
}
