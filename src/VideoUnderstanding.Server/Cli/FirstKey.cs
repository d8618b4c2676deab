using VideoUnderstanding.Data;

namespace VideoUnderstanding.Server.Cli;

/// <summary>Prints the first API key of a new database on a terminal. If the output is redirected, for example to a log, writes the key to
/// a file.</summary>
internal static class FirstKey
{
    private const string FileName = "first-api-key";
    private const string CreateMore = "Create more keys with: ./vu keys create --name NAME";

    public static void Show(string secret, string dataFolder)
    {
        if (Console.IsOutputRedirected)
            Console.WriteLine($"\n{Write(secret, Path.Combine(dataFolder, FileName))}\n{CreateMore}\n");
        else
            Console.WriteLine($"\nYour API key, shown only once: {secret}\n{CreateMore}\n");
    }

    /// <returns>The message for the operator.</returns>
    private static string Write(string secret, string path)
    {
        try
        {
            PrivateFile.Write(path, secret + "\n");
            return $"Your API key is in the file {path}, which only the user of the server can read. Delete the file after reading it.";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"The first API key was lost, because it could not be written to {path}: {failure.Message}";
        }
    }
}
