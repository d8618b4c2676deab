using System.Net;
using System.Text.RegularExpressions;

namespace VideoUnderstanding.Indexing.Transcripts;

/// <summary>Removes markup from cue text: HTML-like tags, voice and time tags, positioning braces, entities. White space becomes a single
/// space.</summary>
internal static partial class SubtitleMarkup
{
    public static string Strip(string text)
        => WhiteSpace().Replace(WebUtility.HtmlDecode(Tags().Replace(text, "")), " ").Trim();

    /// <summary>A tag begins with a letter, a slash or a digit, so that "3 &lt; 4" remains text.</summary>
    [GeneratedRegex(@"</?[A-Za-z][^<>\n]*>|<\d[\d:.,]*>|\{\\[^{}\n]*\}", RegexOptions.CultureInvariant)]
    private static partial Regex Tags();

    [GeneratedRegex(@"[\s\u200E\u200F\uFEFF]+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace();
}
