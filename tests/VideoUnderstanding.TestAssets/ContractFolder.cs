namespace VideoUnderstanding.TestAssets;

/// <summary>The folder with the API contract, if it exists: <c>openapi-v1.1.yaml</c> and <c>examples/</c>.</summary>
public static class ContractFolder
{
    private const string Variable = "VIDEOUNDERSTANDING_CONTRACT";

    public static string? Path { get; } = Find();

    /// <exception cref="InvalidOperationException">The folder does not exist. The message makes xunit skip the test.</exception>
    public static string Require()
        => Path ?? throw new InvalidOperationException($"$XunitDynamicSkip$No folder with the contract: set {Variable}.");

    public static string File(string relative) => System.IO.Path.Combine(Require(), relative);

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(System.IO.Path.Combine(folder.FullName, "VideoUnderstanding.sln")))
                return System.IO.Path.GetFullPath(System.IO.Path.Combine(folder.FullName, "..", "shared", "api")) is var beside
                    && Directory.Exists(beside) ? beside : null;
        return null;
    }
}
