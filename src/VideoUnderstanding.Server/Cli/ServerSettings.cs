using VideoUnderstanding.Data;
using VideoUnderstanding.Server.Database;

namespace VideoUnderstanding.Server.Cli;

/// <summary>Where settings come from: appsettings.json beside the executable, environment variables, then the command line.</summary>
public static class ServerSettings
{
    public const string DefaultAddress = "http://127.0.0.1:8080";

    /// <param name="args">Settings as <c>--Section:Name=value</c>.</param>
    public static WebApplicationBuilder CreateBuilder(IReadOnlyList<string> args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = [.. args], ContentRootPath = AppContext.BaseDirectory });
        // In code, because an address in appsettings.json would win over ASPNETCORE_URLS.
        string[] placesOfAddresses = ["urls", "http_ports", "https_ports"];
        if (placesOfAddresses.All(place => string.IsNullOrEmpty(builder.Configuration[place])) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
            builder.WebHost.UseUrls(DefaultAddress);
        // The manifest's stand-in models lie there; beside the project the folder is found without being named.
        if (string.IsNullOrEmpty(builder.Configuration[DemoClip.AssetsVariable]) && DemoClip.AssetsFolder() is { } assets)
            builder.Configuration[DemoClip.AssetsVariable] = assets;
        return builder;
    }

    /// <summary>As above for the verbs that print results: what is logged goes to standard error.</summary>
    public static WebApplicationBuilder CreateQuietBuilder() => CreateQuietBuilder([]);

    /// <param name="args">Settings as <c>--Section:Name=value</c>.</param>
    public static WebApplicationBuilder CreateQuietBuilder(IReadOnlyList<string> args)
    {
        var builder = CreateBuilder(args);
        builder.Logging.ClearProviders();
        LogToStandardError(builder.Logging);
        return builder;
    }

    /// <summary>The same for what runs before there is a server.</summary>
    public static ILoggerFactory CreateQuietLogs() => LoggerFactory.Create(LogToStandardError);

    private static void LogToStandardError(ILoggingBuilder logging) => logging
        .AddSimpleConsole(console => console.SingleLine = true)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddFilter(null, LogLevel.Warning)
        // Whoever asks the database hears of a failure as an exception; tables that are still to be made are none.
        .AddFilter("Microsoft.EntityFrameworkCore.Database", LogLevel.Critical);

    public static void UseDatabase(this WebApplicationBuilder builder, string connectionString)
        => builder.Configuration[$"ConnectionStrings:{DataRegistration.ConnectionName}"] = connectionString;

    /// <summary>Absolute path of the data folder, without a slash at its end.</summary>
    public static string DataFolder(this IConfiguration configuration)
        => Path.TrimEndingDirectorySeparator(Path.GetFullPath((configuration.GetSection(StorageOptions.Section).Get<StorageOptions>() ?? new StorageOptions()).DataFolder));

    public static EmbeddedDatabaseOptions EmbeddedDatabase(this IConfiguration configuration)
        => configuration.GetSection(EmbeddedDatabaseOptions.Section).Get<EmbeddedDatabaseOptions>() ?? new EmbeddedDatabaseOptions();

    /// <summary>A path that the user wrote, seen from where the user stood: the scripts change to the project's folder before they start the program.
    /// Without the slash that shells put behind a folder's name: the folder above and the names beside are made from it.</summary>
    public static string UserPath(string path) => Path.TrimEndingDirectorySeparator(
        Path.GetFullPath(path, Environment.GetEnvironmentVariable("VIDEOUNDERSTANDING_CALLER_FOLDER") is { Length: > 0 } folder ? folder : Environment.CurrentDirectory));
}
