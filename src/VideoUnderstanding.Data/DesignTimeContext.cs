using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace VideoUnderstanding.Data;

/// <summary>Creates the model for <c>dotnet ef migrations add</c>; nothing connects to this address.</summary>
internal sealed class DesignTimeContext : IDesignTimeDbContextFactory<VideoDbContext>
{
    public VideoDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<VideoDbContext>();
        options.UseVideoDatabase("Host=localhost;Database=design");
        return new VideoDbContext(options.Options);
    }
}
