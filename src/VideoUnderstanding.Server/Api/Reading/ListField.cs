namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>How a list compares a field with a value: <c>field=</c>, <c>field[gte]=</c>, <c>field[lte]=</c>.</summary>
public enum Comparison
{
    Equal,
    AtLeast,
    AtMost,
}

/// <summary>A field by which a list can be filtered.</summary>
/// <param name="Name">Name on the wire.</param>
/// <param name="HasBounds">False for fields that know only the exact match.</param>
/// <param name="Narrow">Keeps the rows that compare so with the text; throws <see cref="Errors.ApiException"/> when the text can not be one
/// of the field's values.</param>
public sealed record ListField<T>(string Name, bool HasBounds, Func<IQueryable<T>, Comparison, string, IQueryable<T>> Narrow)
{
    /// <summary>True if the value is a list with commas. Such a field may be given several times, also as <c>name[]</c>, which joins the
    /// lists.</summary>
    public bool IsList { get; init; }
}
