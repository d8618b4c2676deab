using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.Server.App.Sessions;

/// <summary>Stores the keys that encrypt cookies in the database, so that sessions survive a restart and are valid on every
/// server.</summary>
internal sealed class CookieKeys(IServiceScopeFactory scopes, DataFolder folder, TimeProvider clock) : IXmlRepository
{
    /// <summary>The folder in which earlier versions stored the keys.</summary>
    private readonly string _earlierFolder = Path.Combine(folder.Root, "dashboard-keys");

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
        MoveEarlierKeys(db);
        return [.. db.DataProtectionKeys.AsNoTracking().OrderBy(key => key.Id).Select(key => key.Xml).AsEnumerable()
            .Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var scope = scopes.CreateScope();
        Add(scope.ServiceProvider.GetRequiredService<VideoDbContext>(), friendlyName, element);
    }

    private void MoveEarlierKeys(VideoDbContext db)
    {
        if (!Directory.Exists(_earlierFolder))
            return;
        foreach (var file in Directory.EnumerateFiles(_earlierFolder, "*.xml").Order(StringComparer.Ordinal))
        {
            Add(db, Path.GetFileNameWithoutExtension(file), XElement.Load(file));
            File.Delete(file);
        }
        if (!Directory.EnumerateFileSystemEntries(_earlierFolder).Any())
            Directory.Delete(_earlierFolder);
    }

    /// <summary>Does not replace an existing key of this name, because another server may have moved the same file.</summary>
    private void Add(VideoDbContext db, string name, XElement element)
    {
        var (xml, now) = (element.ToString(SaveOptions.DisableFormatting), clock.GetUtcNow());
        db.Database.ExecuteSql(
            $"INSERT INTO data_protection_keys (name, xml, created_at) VALUES ({name}, {xml}, {now}) ON CONFLICT (name) DO NOTHING");
    }
}
