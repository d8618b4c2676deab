using System.Text.RegularExpressions;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Sound;

/// <summary>Which queries a class may answer. Listed in sound-kinds.txt.</summary>
public enum SoundKind
{
    /// <summary>A source of sound, for example a car. Matches only queries with a word for hearing.</summary>
    Source,

    /// <summary>A sound event, for example applause. Matches every similar query.</summary>
    Event,

    /// <summary>Speech. Matches no query; a query most similar to it is not searched in sound.</summary>
    Speech,

    /// <summary>Silence, an acoustic environment, a term of signal processing or a recording artefact. Matches no query.</summary>
    Ignored,
}

/// <summary>The classes of a sound model, in the order of its outputs.</summary>
public sealed partial class SoundClasses
{
    private static readonly IReadOnlyDictionary<string, SoundKind> Kinds = ReadKinds();

    private readonly SoundKind[] _kinds;

    private SoundClasses(IReadOnlyList<string> names)
        => (Names, _kinds) = (names, [.. names.Select(name => Kinds.GetValueOrDefault(name, SoundKind.Source))]);

    public IReadOnlyList<string> Names { get; }

    public int Count => Names.Count;

    public SoundKind KindOf(int number) => _kinds[number];

    /// <summary>Whether moments of the class can be found.</summary>
    public bool Answers(int number) => _kinds[number] is SoundKind.Source or SoundKind.Event;

    /// <summary>Reads a class map: a heading, then lines of number, machine identifier and name. Names with commas are quoted.</summary>
    /// <exception cref="ManifestException">A line has another form, or the numbers have gaps.</exception>
    public static SoundClasses Read(string path)
    {
        var names = new List<string>();
        foreach (var line in File.ReadLines(path).Skip(1).Where(line => line.Length > 0))
        {
            var match = Line().Match(line);
            if (!match.Success || match.Groups["number"].Value != names.Count.ToString(System.Globalization.CultureInfo.InvariantCulture))
                throw new ManifestException(
                    $"{path} must list class {names.Count} as \"{names.Count},identifier,name\", but has \"{line}\".");
            names.Add(match.Groups["name"].Value.Trim('"'));
        }
        return names.Count > 0 ? new SoundClasses(names) : throw new ManifestException($"{path} lists no classes.");
    }

    /// <summary>Names in sound-kinds.txt, for the test that compares them with the class map.</summary>
    internal static IEnumerable<string> ListedNames => Kinds.Keys;

    private static Dictionary<string, SoundKind> ReadKinds()
    {
        using var reader = new StreamReader(typeof(SoundClasses).Assembly.GetManifestResourceStream("sound-kinds.txt")!);
        var (kinds, current) = (new Dictionary<string, SoundKind>(), SoundKind.Source);
        foreach (var line in reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#'))
        {
            if (line[0] == '[')
                current = Enum.Parse<SoundKind>(line.Trim('[', ']'), ignoreCase: true);
            else
                kinds.Add(line, current);
        }
        return kinds;
    }

    [GeneratedRegex("""^(?<number>\d+),[^,]*,(?<name>"[^"]+"|[^",]+)$""")]
    private static partial Regex Line();
}
