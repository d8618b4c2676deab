using System.Text;

namespace VideoUnderstanding.Search;

/// <summary>A statement and the values of its parameters, @p0, @p1 and so on.</summary>
internal sealed record SqlStatement(string Text, IReadOnlyList<object> Values);

/// <summary>Collects the text of a statement and its parameters.</summary>
internal sealed class SqlBuilder
{
    private readonly StringBuilder text = new();
    private readonly List<object> values = [];

    public SqlBuilder Add(string part)
    {
        text.Append(part);
        return this;
    }

    /// <returns>The name to write where the value belongs.</returns>
    public string Parameter(object value)
    {
        values.Add(value);
        return $"@p{values.Count - 1}";
    }

    public SqlStatement Build() => new(text.ToString(), values);
}
