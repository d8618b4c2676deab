using System.Globalization;
using System.Linq.Expressions;
using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Server.Errors;

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

/// <summary>Filters for the types of fields, and parsers for their values.</summary>
public static class ListFields
{
    public static ListField<T> Id<T>(string name, Expression<Func<T, string>> field) => new(name, false, (rows, _, text)
        => rows.Where(Compare(field, ExpressionType.Equal, Identifier.Require(name, text))));

    public static ListField<T> Text<T>(string name, Expression<Func<T, string?>> field) => new(name, false, (rows, _, text)
        => rows.Where(Compare(field, ExpressionType.Equal, text)));

    /// <summary>Compares a text in its normalised form.</summary>
    /// <param name="field">The column with the normalised text.</param>
    public static ListField<T> NormalText<T>(string name, Expression<Func<T, string?>> field) => new(name, false, (rows, _, text)
        => rows.Where(Compare(field, ExpressionType.Equal, NormalForm.Of(text))));

    /// <summary>Compares an enumeration with one of its names, in any case.</summary>
    /// <param name="unused">A value that CONTRACT allows and no row has; null if there is none.</param>
    public static ListField<T> EnumName<T, TEnum>(string name, Expression<Func<T, TEnum>> field, string? unused = null)
        where TEnum : struct, Enum => new(name, false, (rows, _, text)
            => text.Equals(unused, StringComparison.OrdinalIgnoreCase) ? rows.Where(_ => false)
                : rows.Where(Compare(field, ExpressionType.Equal, ReadEnumName<TEnum>(name, text))));

    public static ListField<T> Number<T>(string name, Expression<Func<T, double?>> field) => new(name, true, (rows, comparison, text)
        => rows.Where(Compare(field, OperatorOf(comparison), (double?)ReadNumber(name, text))));

    /// <summary>Compares seconds. Equality also matches the value rounded down, so 810 finds 810.84. Bounds use the exact value.</summary>
    public static ListField<T> Seconds<T>(string name, Expression<Func<T, double?>> field, Expression<Func<T, double?>> floor)
        => new(name, true, (rows, comparison, text) =>
        {
            double? value = ReadNumber(name, text);
            var exact = Compare(field, OperatorOf(comparison), value);
            return rows.Where(comparison == Comparison.Equal ? Or(exact, Compare(floor, ExpressionType.Equal, value)) : exact);
        });

    /// <summary>Compares a time with the precision of the responses. A date means the whole day in UTC.</summary>
    /// <param name="unit">Precision of the responses: one millisecond or one second.</param>
    public static ListField<T> Time<T>(string name, Expression<Func<T, DateTimeOffset?>> field, TimeSpan unit)
        => new(name, true, (rows, comparison, text) =>
        {
            var span = TimeInterval.Read(name, text, unit);
            if (comparison != Comparison.AtMost)
                rows = rows.Where(Compare(field, ExpressionType.GreaterThanOrEqual, (DateTimeOffset?)span.From));
            return comparison != Comparison.AtLeast ? rows.Where(Compare(field, ExpressionType.LessThan, (DateTimeOffset?)span.Until))
                : rows;
        });

    /// <summary>Parses <c>true</c> or <c>false</c> in any case.</summary>
    public static bool ReadBoolean(string name, string text)
        => bool.TryParse(text, out var value) ? value : throw Invalid(name, "It must be true or false.");

    public static double ReadNumber(string name, string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw Invalid(name, "It must be a number.");

    private static TEnum ReadEnumName<TEnum>(string name, string text) where TEnum : struct, Enum
    {
        var names = Enum.GetNames<TEnum>();
        var known = Array.FindIndex(names, enumName => enumName.Equals(text, StringComparison.OrdinalIgnoreCase));
        return known >= 0
            ? Enum.GetValues<TEnum>()[known]
            : throw Invalid(name, $"It must be one of the following: {string.Join(", ", names).ToLowerInvariant()}.");
    }

    private static ApiException Invalid(string name, string why) => new(ApiError.Invalid(name, why));

    private static ExpressionType OperatorOf(Comparison comparison) => comparison switch
    {
        Comparison.AtLeast => ExpressionType.GreaterThanOrEqual,
        Comparison.AtMost => ExpressionType.LessThanOrEqual,
        _ => ExpressionType.Equal,
    };

    // EF Core turns a member access into a SQL parameter, so the query plan is reused. A constant would be part of the SQL text.
    private sealed record SqlParameter<TValue>(TValue Value);

    private static Expression<Func<T, bool>> Compare<T, TValue>(Expression<Func<T, TValue>> field, ExpressionType comparison, TValue value)
        => Expression.Lambda<Func<T, bool>>(
            Expression.MakeBinary(comparison, field.Body,
                Expression.Property(Expression.Constant(new SqlParameter<TValue>(value)), nameof(SqlParameter<TValue>.Value))),
            field.Parameters);

    private static Expression<Func<T, bool>> Or<T>(Expression<Func<T, bool>> one, Expression<Func<T, bool>> other)
        => Expression.Lambda<Func<T, bool>>(
            Expression.OrElse(one.Body, new ParameterReplacer(other.Parameters[0], one.Parameters[0]).Visit(other.Body)), one.Parameters);

    private sealed class ParameterReplacer(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
