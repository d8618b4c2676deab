namespace VideoUnderstanding.Benchmarks.Search;

/// <summary>Size of the database and number of searches: <c>search --videos 2000 --frames 300000 --rounds 20 --statements</c>.</summary>
/// <param name="Videos">Videos of the large index. The small index in the same tables has a tenth of all numbers.</param>
/// <param name="Segments">Segments of speech.</param>
/// <param name="Lines">Lines of text on screen.</param>
/// <param name="Dimensions">Dimensions of a vector.</param>
/// <param name="Rounds">Number of searches per kind, each with different words.</param>
/// <param name="Database">Name of a database that is kept. It is filled if it does not exist, otherwise used as it is. Null for a new
/// database that is dropped at the end.</param>
/// <param name="Only">Measures only searches whose names contain this text.</param>
/// <param name="ShowsStatements">Prints the total time of each SQL statement.</param>
/// <param name="Server">Path of the server program, which provides a database if none is configured.</param>
internal sealed record SearchPlan(
    int Videos, int Frames, int Segments, int Lines, int Dimensions, int Rounds, string? Database, string Only, bool ShowsStatements,
    string Server)
{
    public static SearchPlan Read(string[] args, string projectFolder)
    {
        int Number(string name, int fallback) => Arguments.Whole(args, name, fallback);
        string? Text(string name) => Arguments.Text(args, name);
        return new SearchPlan(Number("videos", 2_000), Number("frames", 300_000), Number("segments", 60_000), Number("lines", 20_000),
            Number("dimensions", 256), Number("rounds", 20),
            Text("database"), Text("only") ?? "", args.Contains("--statements"),
            Text("server") ?? Path.Combine(projectFolder, "src", "VideoUnderstanding.Server", "bin", "Release", "net10.0", "vu.dll"));
    }

    public SearchPlan Tenth()
        => this with { Videos = Math.Max(1, Videos / 10), Frames = Frames / 10, Segments = Segments / 10, Lines = Lines / 10 };
}
