using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Server.App.Sessions;

/// <summary>Stores the keys that encrypt cookies in the database, so that sessions survive a restart and are valid on every
/// server.</summary>
internal sealed class CookieKeys(IServiceScopeFactory scopes, TimeProvider clock) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
        return [.. db.DataProtectionKeys.AsNoTracking().OrderBy(key => key.Id).Select(key => key.Xml).AsEnumerable()
            .Select(XElement.Parse)];
    }

    /// <summary>Does not replace an existing key of this name.</summary>
    public void StoreElement(XElement element, string friendlyName)
    {
        using var scope = scopes.CreateScope();
        var (xml, now) = (element.ToString(SaveOptions.DisableFormatting), clock.GetUtcNow());
        scope.ServiceProvider.GetRequiredService<VideoDbContext>().Database.ExecuteSql($"""
            INSERT INTO data_protection_keys (name, xml, created_at) VALUES ({friendlyName}, {xml}, {now}) ON CONFLICT (name) DO NOTHING
            """);
    }
}
