using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Data;

/// <summary>The languages that users may say their videos are in.</summary>
public sealed class LanguageOptions
{
    public const string Section = "VideoUnderstanding";

    /// <summary>Two-letter codes (ISO 639-1) with commas between. v1.1 documents <c>en</c> alone. The first is meant where a request names none.</summary>
    [Required, RegularExpression("^[a-z]{2}(,[a-z]{2})*$", ErrorMessage = "Languages must be two-letter codes with commas between, such as en,de.")]
    public string Languages { get; set; } = "en";

    public IReadOnlyList<string> Accepted() => Languages.Split(',');

    /// <returns>The accepted language, in any case of letters, or the first one for a missing or empty text; null for one that is not accepted.</returns>
    public string? Find(string? asked)
        => string.IsNullOrEmpty(asked) ? Accepted()[0] : Accepted().FirstOrDefault(language => language.Equals(asked, StringComparison.OrdinalIgnoreCase));
}
