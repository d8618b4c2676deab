namespace VideoUnderstanding.TestAssets;

/// <summary>The files of the project that contains the running tests.</summary>
public static class ProjectFolder
{
    public static string Path { get; } = Find();

    public static string File(string relative) => System.IO.Path.Combine(Path, relative);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(System.IO.Path.Combine(folder.FullName, "VideoUnderstanding.sln")))
                return folder.FullName;
        throw new InvalidOperationException("The tests need the files of the project around them.");
    }
}
