using System.Text;

namespace VideoUnderstanding.Search;

/// <summary>An SQL statement and the values of its parameters @p0, @p1 and so on.</summary>
internal sealed record SqlStatement(string Text, IReadOnlyList<object> Values)
{
    /// <summary>Returns the statement that declares a cursor for this query.</summary>
    public SqlStatement AsCursor(string name) => this with { Text = $"DECLARE {name} NO SCROLL CURSOR FOR {Text}" };

    /// <summary>Returns this statement after SET LOCAL statements, which end with the transaction, so a pooled connection does not keep
    /// them. Both are sent in one round trip.</summary>
    public SqlStatement After(string settings) => this with { Text = $"{settings};\n{Text}" };

    /// <summary>Returns this statement and another one without parameters, to be sent in one round trip.</summary>
    public SqlStatement Then(string next) => this with { Text = $"{Text};\n{next}" };
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
