using System.Globalization;
using System.Text.Encodings.Web;

namespace VideoUnderstanding.Server.Dashboard;

/// <summary>A piece of HTML. Whatever is put into a template is encoded, unless it is such a piece itself.</summary>
internal sealed record Markup(string Text)
{
    private static readonly Encoding Encoded = new();

    public static Markup Of(FormattableString template) => new(template.ToString(Encoded));

    public static Markup Each<T>(IEnumerable<T> items, Func<T, FormattableString> template) => new(string.Concat(items.Select(item => Of(template(item)).Text)));

    private sealed class Encoding : IFormatProvider, ICustomFormatter
    {
        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) => arg is Markup markup
            ? markup.Text
            : HtmlEncoder.Default.Encode(arg is IFormattable value ? value.ToString(format, CultureInfo.InvariantCulture) : arg?.ToString() ?? "");
    }
}
