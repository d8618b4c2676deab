using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Server.Dashboard;

/// <summary>The keys that cookies are sealed with, as files of a folder that only the server's user can read. They outlive a restart, and with them the logins.</summary>
internal sealed class LoginKeys(string folder) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
        => Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.xml").Order(StringComparer.Ordinal).Select(XElement.Load)] : [];

    public void StoreElement(XElement element, string friendlyName)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, PrivateFile.FolderMode);
        PrivateFile.Write(Path.Combine(folder, $"{Guid.NewGuid():N}.xml"), element.ToString());
    }
}
