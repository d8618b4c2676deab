using System.Text;

namespace VideoUnderstanding.Benchmarks.Search;

/// <summary>Synthetic words with the frequencies of a natural language: the word of rank r occurs with a probability proportional to about
/// 1 / r (Zipf).</summary>
internal static class SyntheticText
{
    /// <summary>Number of different words.</summary>
    public const int Words = 8_000;

    private static readonly string[] Latin = ["ba", "do", "ki", "lu", "me", "no", "pe", "ri", "so", "tu", "va", "zi", "gra", "ple", "sto",
        "tri", "han", "ler", "mon", "kus"];
    private static readonly string[] Cyrillic = ["ба", "до", "ки", "лу", "ме", "но", "пе", "ри", "со", "ту", "ва", "зи", "гра", "пле",
        "сто", "три", "хан", "лер", "мон", "кус"];
    private static readonly double[] Sums = [.. Enumerable.Range(1, Words).Select(rank => 1.0 / rank).Aggregate(new List<double>(), Add)];

    /// <summary>Returns the word of a rank; rank 0 is the most common word. Common words are short.</summary>
    public static string Word(int rank, bool cyrillic = false)
    {
        var syllables = cyrillic ? Cyrillic : Latin;
        var word = new StringBuilder();
        for (var rest = rank + syllables.Length; rest > 0; rest /= syllables.Length)
            word.Append(syllables[rest % syllables.Length]);
        return word.ToString();
    }

    /// <summary>Returns a sentence of random words that begins with a capital letter.</summary>
    public static string Sentence(Random random, int words, bool cyrillic = false)
    {
        var text = string.Join(' ', Enumerable.Range(0, words).Select(_ => Word(Rank(random), cyrillic)));
        return char.ToUpperInvariant(text[0]) + text[1..] + ".";
    }

    private static int Rank(Random random)
        => Math.Min(Words - 1, ~Array.BinarySearch(Sums, random.NextDouble() * Sums[^1]) is >= 0 and var at ? at : 0);

    private static List<double> Add(List<double> sums, double next)
    {
        sums.Add(next + (sums.Count == 0 ? 0 : sums[^1]));
        return sums;
    }
}
