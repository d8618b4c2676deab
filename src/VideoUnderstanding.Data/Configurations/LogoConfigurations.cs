using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class LogoConfiguration : IEntityTypeConfiguration<Logo>
{
    public void Configure(EntityTypeBuilder<Logo> logo)
    {
        logo.ToTable("logos");
        logo.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId).OnDelete(DeleteBehavior.Cascade);
        logo.HasIndex(row => new { row.AccountId, row.NormalName });
        logo.HasMany(row => row.Vectors).WithOne().HasForeignKey(row => row.LogoId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class LogoVectorConfiguration : IEntityTypeConfiguration<LogoVector>
{
    public void Configure(EntityTypeBuilder<LogoVector> vector)
    {
        vector.ToTable("logo_vectors");
        vector.HasKey(row => new { row.LogoId, row.Model });
        vector.Property(row => row.Embedding).HasColumnType("halfvec");
    }
}

internal sealed class LogoRegionConfiguration : IEntityTypeConfiguration<LogoRegion>
{
    public void Configure(EntityTypeBuilder<LogoRegion> region)
    {
        region.ToTable("logo_regions");
        // VectorColumns sets the number of dimensions.
        region.Property(row => row.Embedding).HasColumnType("halfvec");
        region.HasIndex(row => new { row.IndexId, row.VideoId });
        region.HasIndex(row => new { row.VideoId, row.Start });
    }
}
