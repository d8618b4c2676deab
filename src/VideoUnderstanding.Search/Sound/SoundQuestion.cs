using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Inference.Sound;

namespace VideoUnderstanding.Search.Sound;

/// <summary>A class of sound that answers a query.</summary>
/// <param name="Number">Its number in the model.</param>
/// <param name="Weight">Nearness to the query relative to the nearest class, above 0 and at most 1.</param>
public readonly record struct AskedSound(short Number, float Weight);

/// <summary>Decides whether a query asks for a sound, and for which classes. Picture queries name things that also sound ("a red car"), so
/// nearness to a class is not enough: the query needs a word of hearing, or its nearest class must be the name of a sound. docs/sound.md
/// has the measurements.</summary>
public static class SoundQuestion
{
    /// <summary>Least cosine of the query with the name of its nearest class, where the query has a word of hearing.</summary>
    internal const double LeastWhenHeard = 0.45;

    /// <summary>The same where it has none. Then the nearest class must also be an event.</summary>
    internal const double LeastWhenNear = 0.6;

    /// <summary>Further classes answer too if their cosine is at least this share of the best.</summary>
    private const double LeastShare = 0.8;

    /// <summary>The same for classes whose name is in the text word by word: a bell that rings is a bell, although "telephone bell ringing"
    /// is nearer.</summary>
    private const double LeastShareWhenNamed = 0.6;

    private const int MostClasses = 8;

    /// <param name="cosines">Cosine of the text with the name of every class.</param>
    /// <returns>The classes that answer, the nearest first; none if the text asks for no sound.</returns>
    public static IReadOnlyList<AskedSound> Of(string text, IReadOnlyList<float> cosines, SoundClasses classes)
    {
        var ranked = Enumerable.Range(0, classes.Count).Where(number => classes.KindOf(number) != SoundKind.Ignored)
            .OrderByDescending(number => cosines[number]).Take(MostClasses).ToList();
        var words = PlainWords.Of(text).Select(Singular).ToHashSet();
        var (best, kind) = (cosines[ranked[0]], classes.KindOf(ranked[0]));
        var asks = HearingWords.AreIn(text)
            ? kind != SoundKind.Speech && best >= LeastWhenHeard
            : kind == SoundKind.Event && best >= LeastWhenNear;
        return asks
            ? [.. ranked.Where(number => classes.Answers(number) && cosines[number] >= best * LeastShareOf(number))
                .Select(number => new AskedSound((short)number, cosines[number] / best))]
            : [];

        double LeastShareOf(int number) => IsNamed(number) ? LeastShareWhenNamed : LeastShare;
        bool IsNamed(int number) => PlainWords.Of(classes.Names[number].Split(',', '(')[0]).Select(Singular).All(words.Contains);
    }

    private static string Singular(string word) => word.Length > 3 && word.EndsWith('s') ? word[..^1] : word;
}
