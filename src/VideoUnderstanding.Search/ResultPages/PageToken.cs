using System.Globalization;

namespace VideoUnderstanding.Search.ResultPages;

/// <summary>The name of one page of a frozen answer: <c>{uuid}-{n}</c>, n counted from 0. CONTRACT 7.6.</summary>
public readonly record struct PageToken(Guid ResultSet, int Page)
{
    private const int UuidLength = 36;

    /// <summary>Null when the text has another form.</summary>
    public static PageToken? Parse(string text)
        => text.Length > UuidLength + 1 && text[UuidLength] == '-'
            && Guid.TryParseExact(text[..UuidLength], "D", out var id)
            && int.TryParse(text.AsSpan(UuidLength + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var page)
                ? new PageToken(id, page)
                : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ResultSet:D}-{Page}");
}
