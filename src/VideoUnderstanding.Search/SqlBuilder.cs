using System.Text;

namespace VideoUnderstanding.Search;

/// <summary>A statement and the values of its parameters, @p0, @p1 and so on.</summary>
internal sealed record SqlStatement(string Text, IReadOnlyList<object> Values)
{
    /// <summary>The statement that declares a cursor over the rows of this one.</summary>
    public SqlStatement AsCursor(string name) => this with { Text = $"DECLARE {name} NO SCROLL CURSOR FOR {Text}" };
}

/// <summary>Collects the text of a statement and its parameters.</summary>
internal sealed class SqlBuilder
{
    private readonly StringBuilder _text = new();
    private readonly List<object> _values = [];

    public SqlBuilder Add(string part)
    {
        _text.Append(part);
        return this;
    }

    /// <returns>The name to write where the value belongs.</returns>
    public string Parameter(object value)
    {
        _values.Add(value);
        return $"@p{_values.Count - 1}";
    }

    public SqlStatement Build() => new(_text.ToString(), _values);
}
