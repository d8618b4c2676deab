namespace VideoUnderstanding.Benchmarks.Load;

/// <summary>Number and kind of requests: <c>load --connections 500 --minutes 10 --keys 5</c>.</summary>
/// <param name="Connections">Number of simultaneous connections.</param>
/// <param name="Keys">Keys with separate accounts that share the connections evenly. One more key sends requests without a pause.</param>
/// <param name="UploadSeconds">Average duration of a slow upload.</param>
internal sealed record LoadPlan(int Connections, double Minutes, int Keys, double UploadSeconds, string Server)
{
    /// <summary>Share of the connections that the additional key uses without a pause.</summary>
    public const double HeavyShare = 0.04;

    public int HeavyConnections => (int)(Connections * HeavyShare);

    public static LoadPlan Read(string[] args, string projectFolder)
    {
        return new LoadPlan(Arguments.Whole(args, "connections", 500), Arguments.Number(args, "minutes", 10),
            Arguments.Whole(args, "keys", 5), Arguments.Number(args, "upload-seconds", 60), Arguments.Text(args, "server")
                ?? Path.Combine(projectFolder, "src", "VideoUnderstanding.Server", "bin", "Release", "net10.0", "vu.dll"));
    }

    /// <summary>Of every ten connections of a key, four upload slowly, three search and three poll.</summary>
    public static LoadWork WorkOf(int connection)
        => (connection % 10) switch { < 4 => LoadWork.Upload, < 7 => LoadWork.Search, _ => LoadWork.Poll };
}

internal enum LoadWork
{
    Upload,
    Search,
    Poll,
}
