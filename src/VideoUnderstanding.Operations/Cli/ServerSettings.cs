using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>Reads settings from appsettings.json beside the executable, environment variables, and the command line, in this
/// order.</summary>
public static class ServerSettings
{
    /// <summary>Creates the builder of a verb that runs no server. Log messages are written to standard error, because standard output has
    /// the results.</summary>
    /// <param name="args">Settings as <c>--Section:Name=value</c>.</param>
    public static HostApplicationBuilder CreateQuietBuilder(IReadOnlyList<string> args)
    {
        // As for the server: ASPNETCORE_ENVIRONMENT selects the settings file for every verb.
        var configuration = new ConfigurationManager();
        configuration.AddEnvironmentVariables("ASPNETCORE_");
        var builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings
            {
                Args = [.. args], ContentRootPath = AppContext.BaseDirectory, Configuration = configuration,
            });
        builder.Logging.ClearProviders();
        LogToStandardError(builder.Logging);
        return builder;
    }

    /// <summary>Creates a logger factory for code that runs before the host exists.</summary>
    public static ILoggerFactory CreateQuietLogs() => LoggerFactory.Create(LogToStandardError);

    private static void LogToStandardError(ILoggingBuilder logging) => logging
        .AddSimpleConsole(console => console.SingleLine = true)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddFilter(null, LogLevel.Warning)
        // Database failures are reported as exceptions, and a missing table before the migrations is not a failure.
        .AddFilter("Microsoft.EntityFrameworkCore.Database", LogLevel.Critical);

    public static void UseDatabase(this IHostApplicationBuilder builder, string connectionString)
        => builder.Configuration[$"ConnectionStrings:{DataRegistration.ConnectionName}"] = connectionString;

    /// <summary>Returns the absolute path of the data folder, without a trailing slash.</summary>
    public static string DataFolder(this IConfiguration configuration)
        => Path.TrimEndingDirectorySeparator(
            Path.GetFullPath((configuration.GetSection(StorageOptions.Section).Get<StorageOptions>() ?? new StorageOptions()).DataFolder));

    /// <summary>Prints the data folder on standard error, because standard output has the results of the verb.</summary>
    /// <returns>The data folder.</returns>
    public static string StateDataFolder(this IConfiguration configuration)
    {
        var folder = configuration.DataFolder();
        Console.Error.WriteLine($"Data folder: {folder}");
        return folder;
    }

    public static EmbeddedDatabaseOptions EmbeddedDatabase(this IConfiguration configuration)
        => configuration.GetSection(EmbeddedDatabaseOptions.Section).Get<EmbeddedDatabaseOptions>() ?? new EmbeddedDatabaseOptions();

    /// <summary>Resolves a path given by the user against the user's working folder, because the scripts change to the project folder
    /// before they start the program. Removes a trailing slash, so that the parent folder and sibling names can be derived.</summary>
    public static string UserPath(string path) => Path.TrimEndingDirectorySeparator(
        Path.GetFullPath(path,
            Environment.GetEnvironmentVariable("VIDEOUNDERSTANDING_CALLER_FOLDER") is { Length: > 0 } folder ? folder
                : Environment.CurrentDirectory));
}
