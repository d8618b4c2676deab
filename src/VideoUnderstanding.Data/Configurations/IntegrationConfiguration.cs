using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class IntegrationConfiguration : IEntityTypeConfiguration<Integration>, IEntityTypeConfiguration<IntegrationFile>
{
    public const string BucketIndex = "ux_integrations_bucket";
    public const string FolderIndex = "ux_integrations_folder";

    public void Configure(EntityTypeBuilder<Integration> integration)
    {
        integration.ToTable("integrations");
        integration.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId).OnDelete(DeleteBehavior.Cascade);
        integration.HasOne<VideoIndex>().WithMany().HasForeignKey(row => row.IndexId).OnDelete(DeleteBehavior.SetNull);
        integration.Property(row => row.Kind).HasConversion(LowerCase.Of<IntegrationKind>());
        integration.Property(row => row.State).HasConversion(LowerCase.Of<IntegrationState>());
        integration.Property(row => row.Reason).HasMaxLength(Integration.MaxReasonLength);
        // The address of a transfer must identify one integration.
        integration.HasIndex(row => new { row.AccountId, row.Bucket, row.Prefix }).IsUnique().HasDatabaseName(BucketIndex);
        integration.HasIndex(row => new { row.AccountId, row.Folder }).IsUnique().HasDatabaseName(FolderIndex);
    }

    public void Configure(EntityTypeBuilder<IntegrationFile> file)
    {
        file.ToTable("integration_files");
        file.HasKey(row => new { row.IntegrationId, row.Address });
        file.HasOne<Integration>().WithMany().HasForeignKey(row => row.IntegrationId).OnDelete(DeleteBehavior.Cascade);
    }
}
