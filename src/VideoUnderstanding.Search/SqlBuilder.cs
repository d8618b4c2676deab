using System.Text;

namespace VideoUnderstanding.Search;

/// <summary>An SQL statement and the values of its parameters @p0, @p1 and so on.</summary>
internal sealed record SqlStatement(string Text, IReadOnlyList<object> Values)
{
    /// <summary>Returns the statement that declares a cursor for this query.</summary>
    public SqlStatement AsCursor(string name) => this with { Text = $"DECLARE {name} NO SCROLL CURSOR FOR {Text}" };
}

/// <summary>Builds the text and the parameters of an SQL statement.</summary>
internal sealed class SqlBuilder
{
    private readonly StringBuilder _text = new();
    private readonly List<object> _values = [];

    public SqlBuilder Add(string part)
    {
        _text.Append(part);
        return this;
    }

    /// <returns>The placeholder to insert into the text.</returns>
    public string Parameter(object value)
    {
        _values.Add(value);
        return $"@p{_values.Count - 1}";
    }

    public SqlStatement Build() => new(_text.ToString(), _values);
}
