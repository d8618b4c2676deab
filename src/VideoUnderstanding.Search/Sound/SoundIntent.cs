using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Inference.Sound;

namespace VideoUnderstanding.Search.Sound;

/// <summary>A sound class to which a query refers, with its weight.</summary>
/// <param name="Number">Index of the class in the model's output.</param>
/// <param name="Weight">Cosine with the query divided by that of the nearest class: above 0, at most 1.</param>
public readonly record struct WeightedSoundClass(short Number, float Weight);

/// <summary>Decides whether a query refers to a sound, and to which classes. Visual queries also name things that have a sound ("a red
/// car"), so similarity to a class is not enough: the query needs a word of hearing, or its nearest class must be the name of a sound
/// event. docs/sound.md has the measurements.</summary>
public static class SoundIntent
{
    /// <summary>Minimum cosine of the query with its nearest class name if the query contains a word of hearing.</summary>
    internal const double MinCosineWithHearingWord = 0.45;

    /// <summary>Minimum cosine if the query contains no word of hearing; the nearest class must then be an event.</summary>
    internal const double MinCosineWithoutHearingWord = 0.6;

    /// <summary>Minimum cosine of further classes, relative to the best.</summary>
    private const double MinRelativeCosine = 0.8;

    /// <summary>Minimum relative cosine for classes whose name is contained in the text: "bell" matches "a bell rings", although "telephone
    /// bell ringing" is nearer.</summary>
    private const double MinRelativeCosineWhenNamed = 0.6;

    private const int MaxClasses = 8;

    /// <param name="cosines">Cosines of the text with the names of all classes, by class number.</param>
    /// <returns>The classes, nearest first; empty if the text refers to no sound.</returns>
    public static IReadOnlyList<WeightedSoundClass> Of(string text, IReadOnlyList<float> cosines, SoundClasses classes)
    {
        var ranked = Enumerable.Range(0, classes.Count).Where(number => classes.KindOf(number) != SoundKind.Ignored)
            .OrderByDescending(number => cosines[number]).Take(MaxClasses).ToList();
        var words = PlainWords.Of(text).Select(Singular).ToHashSet();
        var (best, kind) = (cosines[ranked[0]], classes.KindOf(ranked[0]));
        var asks = HearingWords.IsContainedIn(text)
            ? kind != SoundKind.Speech && best >= MinCosineWithHearingWord
            : kind == SoundKind.Event && best >= MinCosineWithoutHearingWord;
        return asks
            ? [.. ranked.Where(number => classes.Answers(number) && cosines[number] >= best * MinRelativeCosineOf(number))
                .Select(number => new WeightedSoundClass((short)number, cosines[number] / best))]
            : [];

        double MinRelativeCosineOf(int number) => IsNamed(number) ? MinRelativeCosineWhenNamed : MinRelativeCosine;
        bool IsNamed(int number) => PlainWords.Of(classes.Names[number].Split(',', '(')[0]).Select(Singular).All(words.Contains);
    }

    private static string Singular(string word) => word.Length > 3 && word.EndsWith('s') ? word[..^1] : word;
}

/// <summary>Detects whether a text mentions hearing, by the English words of hearing-words.txt and their inflected forms.</summary>
internal static class HearingWords
{
    private static readonly IReadOnlySet<string> Forms = Read();

    public static bool IsContainedIn(string text) => PlainWords.Of(text).Any(Forms.Contains);

    private static HashSet<string> Read()
    {
        using var reader = new StreamReader(typeof(HearingWords).Assembly.GetManifestResourceStream("hearing-words.txt")!);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#');
        return [.. lines.SelectMany(line => line[0] == '=' ? [line[1..]] : FormsOf(line))];
    }

    /// <summary>Returns the base form and the regular endings. Forms that are not English words match nothing.</summary>
    private static IEnumerable<string> FormsOf(string word)
    {
        var stem = word.EndsWith('e') ? word[..^1] : word;
        var doubled = word + word[^1];
        return [word, word + "s", word + "es", stem + "ed", stem + "ing", doubled + "ed", doubled + "ing"];
    }
}
