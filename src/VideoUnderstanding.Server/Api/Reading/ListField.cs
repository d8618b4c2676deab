namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>The comparison of a filter: <c>field=</c>, <c>field[gte]=</c> or <c>field[lte]=</c>.</summary>
public enum Comparison
{
    Equal,
    AtLeast,
    AtMost,
}

/// <summary>A filter of a list.</summary>
/// <param name="Name">Name of the query parameter.</param>
/// <param name="HasBounds">True if <c>[gte]</c> and <c>[lte]</c> are supported.</param>
/// <param name="Apply">Filters the rows by the text. Throws <see cref="Errors.ApiException"/> if the text is not a valid value of the
/// field.</param>
public sealed record ListField<T>(string Name, bool HasBounds, Func<IQueryable<T>, Comparison, string, IQueryable<T>> Apply)
{
    /// <summary>True if the value is a comma-separated list. Such a field may be given several times, also as <c>name[]</c>; the lists are
    /// joined.</summary>
    public bool IsList { get; init; }
}
