using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Data;

/// <summary>The languages that users may give for their videos.</summary>
public sealed class LanguageOptions
{
    public const string Section = "VideoUnderstanding";

    /// <summary>The value of <c>language</c> with which the speech model detects the language of each region of speech. An extension of
    /// v1.1.</summary>
    public const string Auto = "auto";

    /// <summary>In the setting: every language that Whisper knows.</summary>
    private const string All = "all";

    /// <summary>Whisper's languages by its own codes, in the order of its tokens.</summary>
    private static readonly string[] Known =
    [
        .. ("en,zh,de,es,ru,ko,fr,ja,pt,tr,pl,ca,nl,ar,sv,it,id,hi,fi,vi,he,uk,el,ms,cs,ro,da,hu,ta,no,th,ur,hr,bg,lt,la,mi,ml,cy,sk,te,fa,"
            + "lv,bn,sr,az,sl,kn,et,mk,"
            + "br,eu,is,hy,ne,mn,bs,kk,sq,sw,gl,mr,pa,si,km,sn,yo,so,af,oc,ka,be,tg,sd,gu,am,yi,lo,uz,fo,ht,ps,tk,nn,mt,sa,lb,my,bo,tl,mg,"
            + "as,tt,haw,ln,ha,ba,jw,su,yue")
            .Split(','),
    ];

    /// <summary>Codes with commas between, <c>auto</c>, or <c>all</c>. v1.1 documents <c>en</c> alone. The first is the default of a
    /// request without a language.</summary>
    [Required, CustomValidation(typeof(LanguageOptions), nameof(Check))]
    public string Languages { get; set; } = "en,auto";

    public static ValidationResult? Check(string languages)
        => languages.Split(',').FirstOrDefault(language => language is not (Auto or All) && !Known.Contains(language)) is { } unknown
            ? new ValidationResult($"Languages must be codes of Whisper's languages, '{Auto}' or '{All}', with commas between, such as "
                + $"en,de. '{unknown}' is none of these.")
            : ValidationResult.Success;

    public IReadOnlyList<string> Accepted()
        => [.. Languages.Split(',').SelectMany(language => language == All ? Known : [language]).Distinct()];

    /// <returns>The accepted language, in any case of letters, or the first one for a missing or empty text; null for one that is not
    /// accepted.</returns>
    public string? Find(string? asked)
        => string.IsNullOrEmpty(asked) ? Accepted()[0]
            : Accepted().FirstOrDefault(language => language.Equals(asked, StringComparison.OrdinalIgnoreCase));
}
