namespace VideoUnderstanding.TestAssets;
/// <summary>The folder of real clips and models, if it exists.</summary>
public static class AssetsFolder
{
    public static string? Path { get; } = Find();
    public static string Require()
        => Path ?? throw new InvalidOperationException("$XunitDynamicSkip$No assets folder: set VIDEOUNDERSTANDING_ASSETS.");
    public static string File(string relative) => System.IO.Path.Combine(Require(), relative);
    private static string? Find()
    {
        var named = Environment.GetEnvironmentVariable("VIDEOUNDERSTANDING_ASSETS");
        if (!string.IsNullOrEmpty(named))
            return Directory.Exists(named) ? named : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(System.IO.Path.Combine(folder.FullName, "VideoUnderstanding.sln")))
                return Directory.Exists(System.IO.Path.Combine(folder.FullName, "..", "shared", "assets"))
                    ? System.IO.Path.GetFullPath(System.IO.Path.Combine(folder.FullName, "..", "shared", "assets"))
                    : null;
        return null;
    }
}
