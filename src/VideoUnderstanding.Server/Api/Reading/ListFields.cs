using System.Globalization;
using System.Linq.Expressions;
using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>The kinds of fields that lists know.</summary>
public static class ListFields
{
    public static ListField<T> Id<T>(string name, Expression<Func<T, string>> field) => new(name, false, (rows, _, text)
        => rows.Where(Compare(field, ExpressionType.Equal, Identifier.Require(name, text))));

    public static ListField<T> Text<T>(string name, Expression<Func<T, string?>> field) => new(name, false, (rows, _, text)
        => rows.Where(Compare(field, ExpressionType.Equal, text)));

    /// <summary>A text that is compared in its normal form.</summary>
    /// <param name="field">The column that holds the normal form.</param>
    public static ListField<T> NormalText<T>(string name, Expression<Func<T, string?>> field) => new(name, false, (rows, _, text)
        => rows.Where(Compare(field, ExpressionType.Equal, NormalForm.Of(text))));

    /// <summary>One of the names of an enumeration, in lower case.</summary>
    /// <param name="unused">A further word of the contract that no row has here; null when there is none.</param>
    public static ListField<T> Word<T, TEnum>(string name, Expression<Func<T, TEnum>> field, string? unused = null)
        where TEnum : struct, Enum => new(name, false, (rows, _, text)
            => text.Equals(unused, StringComparison.OrdinalIgnoreCase) ? rows.Where(_ => false)
                : rows.Where(Compare(field, ExpressionType.Equal, ReadWord<TEnum>(name, text))));

    public static ListField<T> Number<T>(string name, Expression<Func<T, double?>> field) => new(name, true, (rows, comparison, text)
        => rows.Where(Compare(field, Operator(comparison), (double?)ReadNumber(name, text))));

    /// <summary>Seconds: an exact match holds for the value rounded down too, so that 810 finds 810.84. Bounds compare the exact
    /// value.</summary>
    public static ListField<T> Seconds<T>(string name, Expression<Func<T, double?>> field, Expression<Func<T, double?>> floor)
        => new(name, true, (rows, comparison, text) =>
        {
            double? value = ReadNumber(name, text);
            var exact = Compare(field, Operator(comparison), value);
            return rows.Where(comparison == Comparison.Equal ? Either(exact, Compare(floor, ExpressionType.Equal, value)) : exact);
        });

    /// <summary>A time, compared as precisely as the wire shows it; a date stands for the whole day in UTC.</summary>
    /// <param name="unit">What the wire shows: milliseconds or seconds.</param>
    public static ListField<T> Time<T>(string name, Expression<Func<T, DateTimeOffset?>> field, TimeSpan unit)
        => new(name, true, (rows, comparison, text) =>
        {
            var span = TimeSpanOfText.Read(name, text, unit);
            if (comparison != Comparison.AtMost)
                rows = rows.Where(Compare(field, ExpressionType.GreaterThanOrEqual, (DateTimeOffset?)span.From));
            return comparison != Comparison.AtLeast ? rows.Where(Compare(field, ExpressionType.LessThan, (DateTimeOffset?)span.Until))
                : rows;
        });

    /// <summary><c>true</c> or <c>false</c> in any case.</summary>
    public static bool ReadBoolean(string name, string text)
        => bool.TryParse(text, out var value) ? value : throw Invalid(name, "It must be true or false.");

    public static double ReadNumber(string name, string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw Invalid(name, "It must be a number.");

    private static TEnum ReadWord<TEnum>(string name, string text) where TEnum : struct, Enum
    {
        var words = Enum.GetNames<TEnum>();
        var known = Array.FindIndex(words, word => word.Equals(text, StringComparison.OrdinalIgnoreCase));
        return known >= 0
            ? Enum.GetValues<TEnum>()[known]
            : throw Invalid(name, $"It must be one of the following: {string.Join(", ", words.Select(word => word.ToLowerInvariant()))}.");
    }

    private static ApiException Invalid(string name, string why) => new(ApiError.Invalid(name, why));

    private static ExpressionType Operator(Comparison comparison) => comparison switch
    {
        Comparison.AtLeast => ExpressionType.GreaterThanOrEqual,
        Comparison.AtMost => ExpressionType.LessThanOrEqual,
        _ => ExpressionType.Equal,
    };

    // The value sits in an object, so that it becomes a parameter of the SQL and the plan is kept for the next request.
    private sealed record Held<TValue>(TValue Value);

    private static Expression<Func<T, bool>> Compare<T, TValue>(Expression<Func<T, TValue>> field, ExpressionType comparison, TValue value)
        => Expression.Lambda<Func<T, bool>>(
            Expression.MakeBinary(comparison, field.Body,
                Expression.Property(Expression.Constant(new Held<TValue>(value)), nameof(Held<TValue>.Value))), field.Parameters);

    private static Expression<Func<T, bool>> Either<T>(Expression<Func<T, bool>> one, Expression<Func<T, bool>> other)
        => Expression.Lambda<Func<T, bool>>(
            Expression.OrElse(one.Body, new Renamed(other.Parameters[0], one.Parameters[0]).Visit(other.Body)), one.Parameters);

    private sealed class Renamed(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
