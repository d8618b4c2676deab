using System.CommandLine;
using System.Globalization;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search;
using VideoUnderstanding.Server.Database;
using VideoUnderstanding.Server.Logos;

namespace VideoUnderstanding.Server.Cli;

/// <summary><c>vu logos</c>: the pictures by which logos are recognised. docs/logos.md.</summary>
public static class LogosCommand
{
    public static Command Create() => new("logos", "Adds, lists and removes the pictures by which logos are recognised. Works while the server runs and while it does not.")
    {
        AddVerb(),
        ListVerb(),
        RemoveVerb(),
    };

    private static Command AddVerb()
    {
        var name = new Option<string>("--name") { Description = "The brand. Pictures that are added under the same name belong together.", Required = true };
        var files = new Argument<string[]>("file") { Description = "PNG, JPEG, WebP or BMP pictures of the logo.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("add", "Adds pictures of a logo. It is found in videos that are indexed already, too.") { name, files };
        command.SetAction((parsed, cancellationToken) => WithGalleryAsync(async (accountId, gallery) =>
        {
            var brand = parsed.GetRequiredValue(name);
            if (LogoGallery.CheckName(brand) is { } wrong)
                throw new CommandFailure($"--name: {wrong}");
            foreach (var file in parsed.GetRequiredValue(files))
                await AddAsync(accountId, gallery, brand, ServerSettings.UserPath(file), cancellationToken);
        }, needsModel: true, cancellationToken));
        return command;
    }

    private static async Task AddAsync(string accountId, LogoGallery gallery, string brand, string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            throw new CommandFailure($"There is no file {path}.");
        if (new FileInfo(path).Length > gallery.Limits.MaxPictureBytes)
            throw new CommandFailure($"{path} has more than {gallery.Limits.MaxPictureBytes} bytes, which {LogoGalleryOptions.Section}:MaxPictureBytes allows.");
        try
        {
            var logo = await gallery.AddAsync(accountId, brand, await File.ReadAllBytesAsync(path, cancellationToken), cancellationToken)
                ?? throw new CommandFailure($"There are {gallery.Limits.MaxPictures} pictures already, as many as {LogoGalleryOptions.Section}:MaxPictures allows.");
            Console.WriteLine($"Added {logo.Id} ({logo.Name}, {Path.GetFileName(path)}).");
        }
        catch (MediaException unreadable)
        {
            throw new CommandFailure($"{path}: {unreadable.Message}");
        }
    }

    private static Command ListVerb()
    {
        var command = new Command("list", "Lists the pictures.");
        command.SetAction((_, cancellationToken) => WithGalleryAsync(async (accountId, gallery) =>
        {
            Console.WriteLine($"{"ID",-24}  {"ADDED",-10}  {"KIND",-10}  BRAND");
            foreach (var logo in await gallery.ListAsync(accountId, cancellationToken))
                Console.WriteLine($"{logo.Id,-24}  {logo.CreatedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),-10}  {logo.MediaType,-10}  {logo.Name}");
        }, needsModel: false, cancellationToken));
        return command;
    }

    private static Command RemoveVerb()
    {
        var id = new Argument<string>("id") { Description = "The picture's id, as the list shows it." };
        var command = new Command("remove", "Removes a picture. What was found by it is not found any more.") { id };
        command.SetAction((parsed, cancellationToken) => WithGalleryAsync(async (accountId, gallery) =>
        {
            var wanted = parsed.GetRequiredValue(id);
            if (!await gallery.RemoveAsync(accountId, wanted, cancellationToken))
                throw new CommandFailure($"There is no logo {wanted}. See: ./vu logos list");
            Console.WriteLine($"Removed {wanted}.");
        }, needsModel: false, cancellationToken));
        return command;
    }

    private static async Task<int> WithGalleryAsync(Func<string, LogoGallery, Task> work, bool needsModel, CancellationToken cancellationToken)
    {
        var builder = ServerSettings.CreateQuietBuilder();
        builder.AddMedia();
        builder.AddInference();
        builder.AddData();
        builder.AddSearch();
        builder.AddLogos();
        using var logs = ServerSettings.CreateQuietLogs();
        await using var database = await DatabaseAccess.OpenAsync(builder.Configuration, logs.CreateLogger<EmbeddedPostgres>(), cancellationToken);
        builder.UseDatabase(database.ConnectionString);
        await using var services = builder.Services.BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
        await DatabaseSetup.MigrateAsync(db, cancellationToken);
        // Vectors of another model than the database holds could not be compared with anything.
        if (needsModel && await VectorColumns.EnsureAsync(db, ServeCommand.VectorsOf(services.GetRequiredService<ModelSet>(), ModelRole.VisualText), null, cancellationToken) is { } misfit)
            throw new CommandFailure(misfit);
        var account = await DefaultAccount.EnsureAsync(db, TimeProvider.System, cancellationToken);
        await work(account.Id, scope.ServiceProvider.GetRequiredService<LogoGallery>());
        return 0;
    }
}
