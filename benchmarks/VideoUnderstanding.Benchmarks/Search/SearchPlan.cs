using System.Globalization;

namespace VideoUnderstanding.Benchmarks.Search;

/// <summary>What is filled and asked: <c>search --videos 2000 --frames 300000 --rounds 20 --statements</c>.</summary>
/// <param name="Videos">Of the large index; the small one in the same tables has a tenth of everything.</param>
/// <param name="Segments">Of speech.</param>
/// <param name="Lines">Of text on screen.</param>
/// <param name="Dimensions">Numbers of a vector.</param>
/// <param name="Rounds">How often each question is asked, each time in other words.</param>
/// <param name="Database">Name of a database that stays: filled when it is not there yet, else measured as it is. Null: a new one that is
/// dropped.</param>
/// <param name="Only">What is asked: questions whose names contain this.</param>
/// <param name="ShowsStatements">Tell how long each statement took in total.</param>
/// <param name="Server">The server's program, which brings a database where none is given.</param>
internal sealed record SearchPlan(
    int Videos, int Frames, int Segments, int Lines, int Dimensions, int Rounds, string? Database, string Only, bool ShowsStatements,
    string Server)
{
    public static SearchPlan Read(string[] args, string projectFolder)
    {
        int Number(string name, int usual) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
        string? Text(string name) => Array.IndexOf(args, "--" + name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
        return new SearchPlan(Number("videos", 2_000), Number("frames", 300_000), Number("segments", 60_000), Number("lines", 20_000),
            Number("dimensions", 256), Number("rounds", 20),
            Text("database"), Text("only") ?? "", args.Contains("--statements"),
            Text("server") ?? Path.Combine(projectFolder, "src", "VideoUnderstanding.Server", "bin", "Release", "net10.0", "vu.dll"));
    }

    public SearchPlan Tenth()
        => this with { Videos = Math.Max(1, Videos / 10), Frames = Frames / 10, Segments = Segments / 10, Lines = Lines / 10 };
}
