using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Data;

/// <summary>Languages that users may specify for their videos.</summary>
public sealed class LanguageOptions
{
    public const string Section = "VideoUnderstanding";

    /// <summary>Value of <c>language</c> for automatic detection per region of speech. An extension of v1.1.</summary>
    public const string Auto = "auto";

    /// <summary>Value of the setting for all languages of Whisper.</summary>
    private const string All = "all";

    /// <summary>Codes of Whisper's languages, in the order of its tokens.</summary>
    private static readonly string[] Known =
    [
        .. ("en,zh,de,es,ru,ko,fr,ja,pt,tr,pl,ca,nl,ar,sv,it,id,hi,fi,vi,he,uk,el,ms,cs,ro,da,hu,ta,no,th,ur,hr,bg,lt,la,mi,ml,cy,sk,te,fa,"
            + "lv,bn,sr,az,sl,kn,et,mk,"
            + "br,eu,is,hy,ne,mn,bs,kk,sq,sw,gl,mr,pa,si,km,sn,yo,so,af,oc,ka,be,tg,sd,gu,am,yi,lo,uz,fo,ht,ps,tk,nn,mt,sa,lb,my,bo,tl,mg,"
            + "as,tt,haw,ln,ha,ba,jw,su,yue")
            .Split(','),
    ];

    /// <summary>Accepted languages, separated by commas: codes, <c>auto</c>, or <c>all</c>. v1.1 documents only <c>en</c>. The first is the
    /// default.</summary>
    [Required, CustomValidation(typeof(LanguageOptions), nameof(Check))]
    public string Languages { get; set; } = "en,auto";

    public static ValidationResult? Check(string languages)
        => languages.Split(',').FirstOrDefault(language => language is not (Auto or All) && !Known.Contains(language)) is { } unknown
            ? new ValidationResult($"Languages must be codes of Whisper's languages, '{Auto}' or '{All}', with commas between, such as "
                + $"en,de. '{unknown}' is none of these.")
            : ValidationResult.Success;

    public IReadOnlyList<string> Accepted()
        => [.. Languages.Split(',').SelectMany(language => language == All ? Known : [language]).Distinct()];

    /// <returns>The accepted language, compared case-insensitively; the default for a missing or empty text; null if the language is not
    /// accepted.</returns>
    public string? Find(string? requested)
        => string.IsNullOrEmpty(requested) ? Accepted()[0]
            : Accepted().FirstOrDefault(language => language.Equals(requested, StringComparison.OrdinalIgnoreCase));
}
