using System.CommandLine;
using System.Globalization;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.Operations.Cli;

/// <summary><c>vu logos</c>: manages the pictures of the logo gallery. docs/logos.md.</summary>
public static class LogosCommand
{
    public static Command Create(IReadOnlyList<string> settings)
        => new("logos",
            "Adds, lists and removes the reference pictures of logos. Works while the server runs and while it does not.")
        {
            AddVerb(settings),
            ListVerb(settings),
            RemoveVerb(settings),
        };

    private static Command AddVerb(IReadOnlyList<string> settings)
    {
        var name = new Option<string>("--name")
        {
            Description = "Brand. Pictures with the same name belong to the same brand.", Required = true,
        };
        var files = new Argument<string[]>("file")
        {
            Description = "PNG, JPEG, WebP or BMP pictures of the logo.", Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("add", "Adds pictures of a logo. Searches also find it in earlier videos.") { name, files };
        command.SetAction((parsed, cancellationToken) => WithGalleryAsync(settings, async (accountId, gallery) =>
        {
            var brand = parsed.GetRequiredValue(name);
            if (LogoGallery.CheckName(brand) is { } wrong)
                throw new CommandFailure($"--name: {wrong}");
            foreach (var file in parsed.GetRequiredValue(files))
                await AddAsync(accountId, gallery, brand, ServerSettings.UserPath(file), cancellationToken);
        }, needsModel: true, cancellationToken));
        return command;
    }

    private static async Task AddAsync(
        string accountId, LogoGallery gallery, string brand, string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            throw new CommandFailure($"There is no file {path}.");
        if (new FileInfo(path).Length > gallery.Limits.MaxPictureBytes)
            throw new CommandFailure(
                $"{path} has more than {gallery.Limits.MaxPictureBytes} bytes, which {LogoGalleryOptions.Section}:MaxPictureBytes allows.");
        try
        {
            var logo = await gallery.AddAsync(accountId, brand, await File.ReadAllBytesAsync(path, cancellationToken), cancellationToken)
                ?? throw new CommandFailure($"There are {gallery.Limits.MaxPictures} pictures already, as many as "
                    + $"{LogoGalleryOptions.Section}:MaxPictures allows.");
            Console.WriteLine($"Added {logo.Id} ({logo.Name}, {Path.GetFileName(path)}).");
        }
        catch (MediaException unreadable)
        {
            throw new CommandFailure($"{path}: {unreadable.Message}");
        }
    }

    private static Command ListVerb(IReadOnlyList<string> settings)
    {
        var command = new Command("list", "Lists the pictures.");
        command.SetAction((_, cancellationToken) => WithGalleryAsync(settings, async (accountId, gallery) =>
        {
            Console.WriteLine($"{"ID",-24}  {"ADDED",-10}  {"KIND",-10}  BRAND");
            foreach (var logo in await gallery.ListAsync(accountId, cancellationToken))
                Console.WriteLine($"{logo.Id,-24}  {logo.CreatedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),-10}  "
                    + $"{logo.MediaType,-10}  {logo.Name}");
        }, needsModel: false, cancellationToken));
        return command;
    }

    private static Command RemoveVerb(IReadOnlyList<string> settings)
    {
        var id = new Argument<string>("id") { Description = "Id of the picture, as shown by the list." };
        var command = new Command("remove", "Removes a picture. Its matches are no longer found.") { id };
        command.SetAction((parsed, cancellationToken) => WithGalleryAsync(settings, async (accountId, gallery) =>
        {
            var wanted = parsed.GetRequiredValue(id);
            if (!await gallery.RemoveAsync(accountId, wanted, cancellationToken))
                throw new CommandFailure($"There is no logo {wanted}. See: ./vu logos list");
            Console.WriteLine($"Removed {wanted}.");
        }, needsModel: false, cancellationToken));
        return command;
    }

    private static Task<int> WithGalleryAsync(
        IReadOnlyList<string> settings, Func<string, LogoGallery, Task> work, bool needsModel, CancellationToken cancellationToken)
        => DatabaseVerb.RunAsync(
            settings,
            builder =>
            {
                builder.AddMedia();
                builder.AddInference();
                builder.AddSearch();
            },
            async services =>
            {
                var db = services.GetRequiredService<VideoDbContext>();
                if (needsModel)
                    await services.ChooseProfileAsync(db, cancellationToken);
                var account = await DefaultAccount.EnsureAsync(db, TimeProvider.System, cancellationToken);
                await work(account.Id, services.GetRequiredService<LogoGallery>());
                return 0;
            }, cancellationToken);
}
