using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class ResultSetConfiguration : IEntityTypeConfiguration<ResultSet>
{
    public void Configure(EntityTypeBuilder<ResultSet> set)
    {
        set.ToTable("result_sets");
        set.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId).OnDelete(DeleteBehavior.Cascade);
        set.HasOne<VideoIndex>().WithMany().HasForeignKey(row => row.IndexId).OnDelete(DeleteBehavior.Cascade);
        set.Property(row => row.Id).ValueGeneratedNever();
        set.Property(row => row.Payload).HasColumnType("jsonb");
        set.HasIndex(row => row.AccountId);
        set.HasIndex(row => row.IndexId);
        set.HasIndex(row => row.ExpiresAt);
    }
}

internal sealed class ResultPageConfiguration : IEntityTypeConfiguration<ResultPage>
{
    public void Configure(EntityTypeBuilder<ResultPage> page)
    {
        page.ToTable("result_pages");
        page.HasKey(row => new { row.ResultSetId, row.Number });
        page.HasOne<ResultSet>().WithMany().HasForeignKey(row => row.ResultSetId).OnDelete(DeleteBehavior.Cascade);
        page.Property(row => row.Items).HasColumnType("jsonb");
    }
}
